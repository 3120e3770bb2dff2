/*
 * What the sources with lists beside the usual one make of their rows: speech, several catalogues, the published one.
 */
#include "test.h"

#include "base/caps.h"
#include "block/sheet.h"

#include <string.h>

static rlm_buffer bytes;
static rlm_block sheet;
static rlm_record model;
static size_t rejected;

static rlm_status
answer(const char *slug, const char *text)
{
    rlm_error error;
    rlm_status status;

    rlm_buffer_free(&bytes);
    rlm_buffer_init(&bytes, RLM_CAP_BLOCK);
    rlm_error_clear(&error);
    status = rlm_sheet_read(rlm_slice_of(slug), rlm_slice_of(text), 1768300000, &bytes, &rejected, &error);
    if (status == RLM_OK) status = rlm_block_open(bytes.bytes, bytes.length, &sheet, &error);
    return status;
}

/* `model` is the one of that id. */
static bool
find(const char *id)
{
    for (size_t i = 0; i < sheet.count; i++) {
        rlm_block_record(&sheet, i, &model);
        if (rlm_slice_is(model.id, id)) return true;
    }
    return false;
}

static const char *
said(rlm_flags flags, int position)
{
    if (flags.yes & RLM_BIT(position)) return "yes";
    return flags.no & RLM_BIT(position) ? "no" : "unknown";
}

#define ASSERT_SAID(expected, text) ASSERT_TEXT(expected, rlm_slice_of(text))
#define ASSERT_CAPABILITY(expected, name) ASSERT_SAID(expected, said(model.capabilities, RLM_CAPABILITY_##name))
#define ASSERT_INPUT(expected, name) ASSERT_SAID(expected, said(model.input, RLM_MODALITY_##name))
#define ASSERT_OUTPUT(expected, name) ASSERT_SAID(expected, said(model.output, RLM_MODALITY_##name))
#define ASSERT_TYPE(expected) ASSERT_SAID(expected, rlm_type_names[model.type])

TEST
elevenlabs_flags_are_three_valued(void)
{
    ASSERT_STATUS(RLM_OK, answer("elevenlabs", "[{\"model_id\":\"both\",\"can_do_text_to_speech\":true,\"can_do_voice_"
                                               "conversion\":true,\"can_be_finetuned\":false},"
                                               "{\"model_id\":\"bare\"}]"));
    ASSERT(find("both"));
    ASSERT_TYPE("audio");
    ASSERT_INPUT("yes", TEXT);
    ASSERT_INPUT("yes", AUDIO);
    ASSERT_OUTPUT("yes", AUDIO);
    ASSERT_CAPABILITY("yes", SPEECH_GENERATION);
    ASSERT_CAPABILITY("no", FINE_TUNING);
    ASSERT(find("bare"));
    ASSERT_TYPE("");
    ASSERT_INPUT("unknown", TEXT);
    ASSERT_CAPABILITY("unknown", FINE_TUNING);
    PASS();
}

#define EN                                                                                                             \
    "{\"name\":\"general\",\"canonical_name\":\"n\",\"languages\":[\"en\"],\"version\":\"1\",\"architecture\":\"n\","  \
    "\"batch\":false}"
#define DA                                                                                                             \
    "{\"name\":\"general\",\"canonical_name\":\"n\",\"languages\":[\"da\",\"en\"],\"version\":\"2\",\"architecture\":" \
    "\"n\",\"batch\":true}"

TEST
deepgram_makes_one_model_of_a_row_for_each_language(void)
{
    static const char *const orders[] = {EN "," DA "," EN, DA "," EN "," EN, EN "," EN "," DA};

    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        char text[1024];

        (void) snprintf(text, sizeof text, "{\"languages\":{\"en\":\"English\"},\"stt\":[%s],\"tts\":[]}", orders[i]);
        ASSERT_STATUS(RLM_OK, answer("deepgram", text));
        ASSERT(sheet.count == 1 && find("n"));
        ASSERT_TEXT("{\"architecture\":\"n\",\"batch\":true,\"languages\":[\"da\",\"en\"],\"name\":\"general\"}",
                    model.metadata);
    }
    PASS();
}

TEST
deepgram_types_by_the_list(void)
{
    ASSERT_STATUS(RLM_OK,
                  answer("deepgram",
                         "{\"tts\":[{\"name\":\"v\",\"canonical_name\":\"aura-v\",\"metadata\":{\"age\":\"Adult\"}}],"
                         "\"stt\":[{\"name\":\"phonecall\"},{\"name\":\"flux-x\"},{\"uuid\":\"u\"}]}"));
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
    ASSERT_TEXT("{\"age\":\"Adult\",\"voice\":\"v\"}", model.metadata);
    PASS();
}

TEST
deepgram_ids_of_catalogues_are_no_chat_models(void)
{
    ASSERT(rlm_source_type_of_id(&rlm_source_deepgram, RLM_SLICE("aura-2-x")) == RLM_TYPE_AUDIO);
    ASSERT(rlm_source_type_of_id(&rlm_source_deepgram, RLM_SLICE("voicemail")) == RLM_TYPE_TRANSCRIPTION);
    PASS();
}

TEST
xai_catalogues_its_speech_models(void)
{
    ASSERT_STATUS(RLM_OK, answer("xai", "{\"data\":[{\"id\":\"grok-4\"}]}"));
    ASSERT(sheet.count == 3 && find("grok-4") && model.standing == RLM_STANDING_LISTED);
    ASSERT(find("grok-stt") && model.standing == RLM_STANDING_DOCUMENTED && model.price_count == 0);
    ASSERT_TYPE("transcription");
    ASSERT_INPUT("yes", AUDIO);
    ASSERT(find("grok-tts"));
    ASSERT_TYPE("audio");
    PASS();
}

TEST
published_rows_of_models_dev_say_what_it_said(void)
{
    ASSERT_STATUS(
        RLM_OK,
        answer("published",
               "[{\"id\":\"m\",\"provider\":\"openai\",\"created_at\":\"2025-02-03 00:00:00 "
               "UTC\",\"context_window\":7,\"pricing\":{\"text_tokens\":"
               "{\"standard\":{\"input_per_million\":9},\"batch\":{\"input_per_million\":4}}},\"metadata\":{\"source\":"
               "\"models.dev\","
               "\"knowledge\":\"2024-08\",\"limit\":{\"context\":1000,\"output\":0},\"cost\":{\"input\":1.5}}}]"));
    ASSERT(find("m"));
    ASSERT(model.created_at.precision == RLM_PRECISION_DAY && model.knowledge_cutoff.precision == RLM_PRECISION_MONTH);
    ASSERT(model.limits[RLM_LIMIT_CONTEXT] == 1000 && model.limits[RLM_LIMIT_OUTPUT] == RLM_UNKNOWN);
    ASSERT(model.price_count == 1 && model.prices[0].coefficient == 15 && model.prices[0].exponent == -1);
    ASSERT(model.standing == RLM_STANDING_DOCUMENTED);
    PASS();
}

TEST
published_rows_without_provenance_say_little(void)
{
    ASSERT_STATUS(RLM_OK,
                  answer("published",
                         "[{\"id\":\"m\",\"name\":\"M\",\"provider\":\"azure\",\"context_window\":4096,"
                         "\"capabilities\":[\"vision\"],"
                         "\"pricing\":{\"text_tokens\":{\"standard\":{\"input_per_million\":0.5}}},\"metadata\":{}}]"));
    ASSERT(find("m"));
    ASSERT(model.price_count == 0 && model.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN && model.name.length == 0);
    ASSERT_CAPABILITY("unknown", VISION);
    PASS();
}

static rlm_status
read_with_each_source(void *context)
{
    (void) context;
    RLM_TRY(answer("elevenlabs",
                   "[{\"model_id\":\"a\",\"name\":\"A\",\"can_do_text_to_speech\":true,\"languages\":[{\"x\":1}]}]"));
    RLM_TRY(answer("deepgram", "{\"stt\":[" EN "," DA "]}"));
    RLM_TRY(answer("xai", "{\"data\":[{\"id\":\"a\"}]}"));
    return answer(
        "published",
        "[{\"id\":\"a\",\"provider\":\"openai\",\"metadata\":{\"source\":\"models.dev\",\"cost\":{\"input\":1}}}]");
}

TEST
each_of_them_survives_a_lack_of_memory(void)
{
    ASSERT_SURVIVES_TORTURE(read_with_each_source, NULL);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(elevenlabs_flags_are_three_valued);
    RUN(deepgram_makes_one_model_of_a_row_for_each_language);
    RUN(deepgram_types_by_the_list);
    RUN(deepgram_ids_of_catalogues_are_no_chat_models);
    RUN(xai_catalogues_its_speech_models);
    RUN(published_rows_of_models_dev_say_what_it_said);
    RUN(published_rows_without_provenance_say_little);
    RUN(each_of_them_survives_a_lack_of_memory);
    rlm_buffer_free(&bytes);
    return REPORT("catalogue sources");
}
