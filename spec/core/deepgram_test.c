/* Deepgram: one model made of a row for each language, and types by the list that a row is in. */
#include "answer.h"

/* clang-format off */
#define EN JSON({"name": "general", "canonical_name": "n", "languages": ["en"], "version": "1", "architecture": "n", \
                 "batch": false})
#define DA JSON({"name": "general", "canonical_name": "n", "languages": ["da", "en"], "version": "2", \
                 "architecture": "n", "batch": true})
/* clang-format on */

TEST
makes_one_model_of_a_row_for_each_language(void)
{
    static const char *const orders[] = {EN "," DA "," EN, DA "," EN "," EN, EN "," EN "," DA};

    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        char text[1024];

        (void) snprintf(text, sizeof text, JSON({"languages": {"en": "English"}, "stt": [%s], "tts": []}), orders[i]);
        ASSERT_STATUS(RLM_OK, read_sheet("deepgram", text));
        ASSERT(sheet.count == 1 && find("n"));
        ASSERT_JSON(model.metadata, {"architecture": "n", "batch": true, "languages": ["da", "en"], "name": "general"});
    }
    PASS();
}

TEST
types_by_the_list(void)
{
    READ_SHEET(deepgram, {
        "tts": [{"name": "v", "canonical_name": "aura-v", "metadata": {"age": "Adult"}}],
        "stt": [{"name": "phonecall"}, {"name": "flux-x"}, {"uuid": "u"}]
    });
    ASSERT(rejected == 1 && find("phonecall"));
    ASSERT_TYPE("transcription");
    ASSERT_INPUT("yes", AUDIO);
    ASSERT_OUTPUT("yes", TEXT);
    ASSERT_CAPABILITY("unknown", REALTIME);
    ASSERT(find("flux-x"));
    ASSERT_TYPE("transcription");
    ASSERT_CAPABILITY("yes", REALTIME);
    ASSERT(find("aura-v"));
    ASSERT_TYPE("audio");
    ASSERT_JSON(model.metadata, {"age": "Adult", "voice": "v"});
    PASS();
}

TEST
ids_of_catalogues_are_no_chat_models(void)
{
    ASSERT(rlm_source_type_of_id(&rlm_source_deepgram, RLM_SLICE("aura-2-x")) == RLM_TYPE_AUDIO);
    ASSERT(rlm_source_type_of_id(&rlm_source_deepgram, RLM_SLICE("voicemail")) == RLM_TYPE_TRANSCRIPTION);
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(deepgram, "{\"stt\":[" EN "," DA "]}");
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(makes_one_model_of_a_row_for_each_language);
    RUN(types_by_the_list);
    RUN(ids_of_catalogues_are_no_chat_models);
    RUN(survives_a_lack_of_memory);
    answer_free();
    return REPORT("deepgram");
}
