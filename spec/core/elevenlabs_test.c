/* ElevenLabs: flags that are true, false or left out. */
#include "stated.h"

TEST
flags_are_three_valued(void)
{
    READ_SHEET(elevenlabs, [
        {"model_id": "both", "can_do_text_to_speech": true, "can_do_voice_conversion": true, "can_be_finetuned": false},
        {"model_id": "bare"}
    ]);
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

TEST
survives_a_lack_of_memory(void)
{
    ASSERT_READING_SURVIVES_TORTURE(
        elevenlabs, JSON([{"model_id": "a", "name": "A", "can_do_text_to_speech": true, "languages": [{"x": 1}]}]));
    PASS();
}

TEST
a_request_has_so_many_characters(void)
{
    READ(elevenlabs, [{
        "model_id": "v", "maximum_text_length_per_request": 10000, "max_characters_request_free_user": 2500
    }]);
    ASSERT_BOUND("10000", CHARACTERS, MAX);
    ASSERT_JSON(model.metadata, {"max_characters_request_free_user": 2500});
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(flags_are_three_valued);
    RUN(survives_a_lack_of_memory);
    RUN(a_request_has_so_many_characters);
    answer_free();
    return REPORT("elevenlabs");
}
