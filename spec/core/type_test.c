/* What a model is for: none chats whose own listing denies it, and a type that is a capability states it. */
#include "world.h"

static const char *
type(const world *all, const char *provider, const char *id)
{
    rlm_record record = model(all, provider, id);

    return record.id.length == 0 ? "missing" : rlm_type_names[record.type];
}

#define ASSERT_TYPE(expected, provider, id) ASSERT_TEXT(expected, rlm_slice_of(type(&all, provider, id)))

/* "yes", "no" or "unknown". */
static const char *
can(const world *all, const char *provider, const char *id, rlm_capability capability)
{
    rlm_record record = model(all, provider, id);

    if (record.capabilities.yes & RLM_BIT(capability)) return "yes";
    return record.capabilities.no & RLM_BIT(capability) ? "no" : "unknown";
}

#define ASSERT_CAN(expected, provider, id, name)                                                                       \
    ASSERT_TEXT(expected, rlm_slice_of(can(&all, provider, id, RLM_CAPABILITY_##name)))

#define WRITES "\"modalities\":{\"input\":[\"text\"],\"output\":[\"text\"]}"

TEST
azure_deployments_that_deny_chat_do_not_chat(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(
        RLM_OK,
        add(&all, "azure",
            "{\"data\":["
            "{\"id\":\"none\",\"capabilities\":{\"chat_completion\":false,\"completion\":false,\"embeddings\":false,"
            "\"inference\":true}},"
            "{\"id\":\"whisper-none\",\"capabilities\":{\"chat_completion\":false,\"completion\":false,\"embeddings\":"
            "false}},"
            "{\"id\":\"painted\",\"capabilities\":{\"chat_completion\":false,\"completion\":false,\"embeddings\":false}"
            "},"
            "{\"id\":\"old\",\"capabilities\":{\"chat_completion\":false,\"completion\":true}},"
            "{\"id\":\"both\",\"capabilities\":{\"chat_completion\":true,\"completion\":true}},"
            "{\"id\":\"vectors\",\"capabilities\":{\"chat_completion\":false,\"embeddings\":true,\"completion\":true}},"
            "{\"id\":\"silent\",\"capabilities\":{\"inference\":true}}]}"));
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev",
                              "{\"azure\":{\"models\":{\"none\":{" WRITES
                              "},\"painted\":{\"modalities\":{\"input\":[\"text\"],\"output\":[\"image\"]}}}}}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TYPE("other", "azure", "none"); /* whatever models.dev makes of its output */
    ASSERT(model(&all, "azure", "none").origins[RLM_FIELD_TYPE] == origin("azure"));
    ASSERT_TYPE("transcription", "azure", "whisper-none");
    ASSERT_TYPE("image", "azure", "painted");
    ASSERT_TYPE("completion", "azure", "old");
    ASSERT_TYPE("chat", "azure", "both");
    ASSERT_TYPE("embedding", "azure", "vectors");
    ASSERT_TYPE("chat", "azure", "silent"); /* nothing denies it */
    finish(&all);
    PASS();
}

TEST
listings_that_say_what_a_model_is_for_deny_the_rest(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK,
                  add(&all, "gemini",
                      "{\"models\":[{\"name\":\"models/answers\",\"supportedGenerationMethods\":[\"generateAnswer\"]},"
                      "{\"name\":\"models/counts\",\"supportedGenerationMethods\":[\"countTokens\"]},"
                      "{\"name\":\"models/new\",\"supportedGenerationMethods\":[\"generateDreams\"]}]}"));
    ASSERT_STATUS(
        RLM_OK,
        add(&all, "mistral",
            "{\"data\":[{\"id\":\"sorts\",\"capabilities\":{\"completion_chat\":false,\"classification\":true}},"
            "{\"id\":\"fills\",\"capabilities\":{\"completion_chat\":false,\"completion_fim\":true}}]}"));
    ASSERT_STATUS(RLM_OK, add(&all, "cohere",
                              "{\"models\":[{\"name\":\"labels\",\"endpoints\":[\"classify\"]},{\"name\":\"writes\","
                              "\"endpoints\":[\"generate\",\"summarize\"]},"
                              "{\"name\":\"talks\",\"endpoints\":[\"generate\",\"chat\"]},{\"name\":\"new\","
                              "\"endpoints\":[\"dream\"]}]}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TYPE("other", "gemini", "answers");
    ASSERT_TYPE("other", "gemini", "counts");
    ASSERT_TYPE("chat", "gemini", "new"); /* a word that we do not know denies nothing */
    ASSERT_TYPE("other", "mistral", "sorts");
    ASSERT_TYPE("completion", "mistral", "fills");
    ASSERT_TYPE("other", "cohere", "labels");
    ASSERT_TYPE("completion", "cohere", "writes");
    ASSERT_TYPE("chat", "cohere", "talks");
    ASSERT_TYPE("chat", "cohere", "new");
    finish(&all);
    PASS();
}

TEST
servers_of_openais_format_say_what_only_continues_a_text(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(
        RLM_OK,
        add(&all, "openai",
            "{\"data\":[{\"id\":\"acme/base\",\"type\":\"completion\"},{\"id\":\"acme/old\",\"mode\":\"completion\"},"
            "{\"id\":\"acme/new\",\"mode\":\"responses\"},{\"id\":\"acme/chat\",\"type\":\"chat\"}]}"));
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev", "{\"openai\":{\"models\":{\"acme/base\":{" WRITES "}}}}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TYPE("completion", "openai", "acme/base");
    ASSERT_TYPE("completion", "openai", "acme/old");
    ASSERT_TYPE("chat", "openai", "acme/new");
    ASSERT_TYPE("chat", "openai", "acme/chat");
    finish(&all);
    PASS();
}

TEST
ids_of_models_that_only_continue_a_text(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "openai",
                              "{\"data\":[{\"id\":\"davinci-002\"},{\"id\":\"ft:babbage-002:acme::1\"},{\"id\":\"gpt-3."
                              "5-turbo-instruct-0914\"},{\"id\":\"gpt-3.5-turbo\"}]}"));
    ASSERT_STATUS(RLM_OK,
                  add(&all, "models_dev", "{\"openai\":{\"models\":{\"gpt-3.5-turbo-instruct\":{" WRITES "}}}}"));
    ASSERT_STATUS(RLM_OK, add(&all, "azure", "{\"data\":[{\"id\":\"gpt-35-turbo-instruct\"}]}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TYPE("completion", "openai", "davinci-002");
    ASSERT_TYPE("completion", "openai", "ft:babbage-002:acme::1");
    ASSERT_TYPE("completion", "openai", "gpt-3.5-turbo-instruct-0914");
    ASSERT_TYPE("completion", "openai", "gpt-3.5-turbo-instruct"); /* text for text is what both kinds give */
    ASSERT_TYPE("completion", "azure", "gpt-35-turbo-instruct");
    ASSERT_TYPE("chat", "openai", "gpt-3.5-turbo");
    finish(&all);
    PASS();
}

TEST
xai_models_that_are_sold_by_the_image_make_images(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "xai",
                              "{\"data\":[{\"id\":\"grok-7-image-0101\"},{\"id\":\"aurora\",\"image_price\":700},{"
                              "\"id\":\"sees\",\"image_price\":0},"
                              "{\"id\":\"tells\",\"image_price\":700,\"output_modalities\":[\"text\"]}]}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TYPE("image", "xai", "grok-7-image-0101");
    ASSERT_TYPE("image", "xai", "aurora");
    ASSERT(model(&all, "xai", "aurora").origins[RLM_FIELD_TYPE] == origin("xai"));
    ASSERT_TYPE("chat", "xai", "sees");
    ASSERT_TYPE("chat", "xai", "tells");
    finish(&all);
    PASS();
}

TEST
a_type_states_the_capability_that_it_is(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "openai",
                              "{\"data\":[{\"id\":\"whisper-1\"},{\"id\":\"tts-1\"},{\"id\":\"dall-e-3\"},{\"id\":"
                              "\"omni-moderation-latest\"},{\"id\":\"gpt-realtime\"},"
                              "{\"id\":\"gpt-x\"}]}"));
    ASSERT_STATUS(
        RLM_OK,
        add(&all, "mistral",
            "{\"data\":[{\"id\":\"speaks\",\"capabilities\":{\"completion_chat\":false,\"audio_speech\":true}}]}"));
    ASSERT_STATUS(RLM_OK, add(&all, "file",
                              "[{\"provider\":\"typist\",\"id\":\"judge\",\"modalities\":{\"output\":[\"judgment\"]}},{"
                              "\"provider\":\"typist\",\"id\":\"reader\",\"type\":\"ocr\"}]"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_CAN("yes", "openai", "whisper-1", TRANSCRIPTION);
    ASSERT(model(&all, "openai", "whisper-1").origins[RLM_FIELD_CAPABILITIES] == RLM_ORIGIN_ID);
    ASSERT_CAN("yes", "openai", "tts-1", SPEECH_GENERATION);
    ASSERT_CAN("yes", "openai", "dall-e-3", IMAGE_GENERATION);
    ASSERT_CAN("yes", "openai", "omni-moderation-latest", MODERATION);
    ASSERT_CAN("yes", "openai", "gpt-realtime", REALTIME);
    ASSERT_CAN("yes", "mistral", "speaks", SPEECH_GENERATION);
    ASSERT_CAN("yes", "typist", "judge", JUDGMENT);
    ASSERT_CAN("yes", "typist", "reader", OCR);
    ASSERT_CAN("unknown", "openai", "gpt-x", TRANSCRIPTION);
    ASSERT(model(&all, "openai", "gpt-x").capabilities.yes == 0);
    finish(&all);
    PASS();
}

TEST
a_source_that_denies_the_capability_is_heard(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "mistral",
                              "{\"data\":[{\"id\":\"scribe\",\"name\":\"transcribe\",\"capabilities\":{\"completion_"
                              "chat\":true,\"audio_transcription\":false}}]}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT_TYPE("transcription", "mistral", "scribe");
    ASSERT_CAN("no", "mistral", "scribe", TRANSCRIPTION);
    finish(&all);
    PASS();
}

#define FOUNDATION(id, types)                                                                                          \
    "{\"modelId\":\"" id "\",\"inferenceTypesSupported\":[" types "],\"outputModalities\":[\"TEXT\"]}"

TEST
bedrock_models_behind_a_profile_are_not_offered_by_themselves(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(
        RLM_OK, add(&all, "bedrock",
                    "{\"modelSummaries\":[" FOUNDATION("acme.behind-v1:0", "\"INFERENCE_PROFILE\"") "," FOUNDATION(
                        "acme.both-v1:0", "\"INFERENCE_PROFILE\",\"ON_DEMAND\"") "," FOUNDATION("acme.plain-v1:0",
                                                                                                "\"ON_DEMAND\"") "]}"));
    ASSERT_STATUS(RLM_OK, add(&all, "models_dev",
                              "{\"amazon-bedrock\":{\"models\":{\"acme.behind-v1:0\":{\"name\":\"B\"},\"us.acme.both-"
                              "v1:0\":{\"name\":\"B\"},"
                              "\"eu.acme.behind-v1:0\":{\"name\":\"E\"},\"acme.alone-v1:0\":{\"name\":\"A\"}}}}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(model(&all, "bedrock", "us.acme.behind-v1:0").standing == RLM_STANDING_LISTED);
    ASSERT(model(&all, "bedrock", "acme.behind-v1:0").standing == RLM_STANDING_UNLISTED);
    ASSERT(model(&all, "bedrock", "acme.behind-v1:0").unlisted_at.precision == RLM_PRECISION_NONE);
    ASSERT_TEXT("B", model(&all, "bedrock", "acme.behind-v1:0").name);
    ASSERT(model(&all, "bedrock", "acme.both-v1:0").standing == RLM_STANDING_LISTED);
    ASSERT(model(&all, "bedrock", "us.acme.both-v1:0").standing == RLM_STANDING_DOCUMENTED);
    ASSERT(model(&all, "bedrock", "eu.acme.behind-v1:0").standing == RLM_STANDING_DOCUMENTED);
    ASSERT(model(&all, "bedrock", "acme.alone-v1:0").standing ==
           RLM_STANDING_DOCUMENTED); /* nobody says that a profile has it */
    finish(&all);
    PASS();
}

TEST
the_size_that_bedrock_writes_into_an_id_is_read_from_there(void)
{
    world all;

    start(&all);
    ASSERT_STATUS(RLM_OK,
                  add(&all, "bedrock",
                      "{\"modelSummaries\":[" FOUNDATION("acme.sized-v1:0:20k", "\"PROVISIONED\"") "," FOUNDATION(
                          "acme.sized-v1:0:1m",
                          "\"PROVISIONED\"") "," FOUNDATION("acme.sized-v1:0:mm",
                                                            "\"PROVISIONED\"") ","
                                                                               "{\"modelId\":\"acme.told-v1:0:8k\","
                                                                               "\"description\":{\"maxContextWindow\":"
                                                                               "\"9K\"}}]}"));
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(model(&all, "bedrock", "acme.sized-v1:0:20k").limits[RLM_LIMIT_CONTEXT] == 20000);
    ASSERT(model(&all, "bedrock", "acme.sized-v1:0:20k").origins[RLM_FIELD_CONTEXT_WINDOW] == RLM_ORIGIN_ID);
    ASSERT(model(&all, "bedrock", "acme.sized-v1:0:1m").limits[RLM_LIMIT_CONTEXT] == 1000000);
    ASSERT(model(&all, "bedrock", "acme.sized-v1:0:mm").limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT(model(&all, "bedrock", "acme.told-v1:0:8k").limits[RLM_LIMIT_CONTEXT] == 9000);
    ASSERT(model(&all, "bedrock", "acme.told-v1:0:8k").origins[RLM_FIELD_CONTEXT_WINDOW] == origin("bedrock"));
    finish(&all);
    PASS();
}

TEST
azures_rows_of_the_published_catalogue_that_name_their_source_are_believed(void)
{
    world all;
    rlm_record named, unnamed;

    start(&all);
    ASSERT_STATUS(RLM_OK, add(&all, "published",
                              "[{\"provider\":\"azure\",\"id\":\"named\",\"name\":\"Named\",\"family\":\"f\",\"created_"
                              "at\":\"2026-02-03 00:00:00 UTC\","
                              "\"capabilities\":[\"function_calling\"],\"context_window\":4096,\"metadata\":{"
                              "\"source\":\"models.dev\",\"limit\":{\"context\":7000},"
                              "\"cost\":{\"input\":2}}},"
                              "{\"provider\":\"azure\",\"id\":\"unnamed\",\"name\":\"Unnamed\",\"capabilities\":["
                              "\"function_calling\"],\"context_window\":4096,"
                              "\"metadata\":{}}]"));
    ASSERT_STATUS(RLM_OK, join(&all));
    named = model(&all, "azure", "named");
    unnamed = model(&all, "azure", "unnamed");
    ASSERT_TEXT("Named", named.name);
    ASSERT_TEXT("f", named.family);
    ASSERT(named.created_at.precision == RLM_PRECISION_DAY && named.limits[RLM_LIMIT_CONTEXT] == 7000 &&
           named.price_count == 1);
    ASSERT_CAN("yes", "azure", "named", FUNCTION_CALLING);
    ASSERT_TEXT("unnamed", unnamed.name);
    ASSERT(unnamed.limits[RLM_LIMIT_CONTEXT] == RLM_UNKNOWN);
    ASSERT_CAN("unknown", "azure", "unnamed", FUNCTION_CALLING);
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(azure_deployments_that_deny_chat_do_not_chat);
    RUN(listings_that_say_what_a_model_is_for_deny_the_rest);
    RUN(servers_of_openais_format_say_what_only_continues_a_text);
    RUN(ids_of_models_that_only_continue_a_text);
    RUN(xai_models_that_are_sold_by_the_image_make_images);
    RUN(a_type_states_the_capability_that_it_is);
    RUN(a_source_that_denies_the_capability_is_heard);
    RUN(bedrock_models_behind_a_profile_are_not_offered_by_themselves);
    RUN(the_size_that_bedrock_writes_into_an_id_is_read_from_there);
    RUN(azures_rows_of_the_published_catalogue_that_name_their_source_are_believed);
    return REPORT("types");
}
