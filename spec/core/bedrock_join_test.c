/* What Bedrock's listings say together: a model behind an inference profile is not offered by itself. */
#include "world.h"

TEST
models_behind_a_profile_are_not_offered_by_themselves(void)
{
    world all;

    start(&all);
    ADD(bedrock, {"modelSummaries": [
    {"modelId": "acme.behind-v1:0", "inferenceTypesSupported": ["INFERENCE_PROFILE"], "outputModalities": ["TEXT"]},
    {
        "modelId": "acme.both-v1:0", "inferenceTypesSupported": ["INFERENCE_PROFILE", "ON_DEMAND"],
        "outputModalities": ["TEXT"]
    },
    {"modelId": "acme.plain-v1:0", "inferenceTypesSupported": ["ON_DEMAND"], "outputModalities": ["TEXT"]}
]});
    ADD(models_dev, {"amazon-bedrock": {"models": {
        "acme.behind-v1:0": {"name": "B"},
        "us.acme.both-v1:0": {"name": "B"},
        "eu.acme.behind-v1:0": {"name": "E"},
        "acme.alone-v1:0": {"name": "A"}
    }}});
    ASSERT_STATUS(RLM_OK, join(&all));
    ASSERT(merged(&all, "bedrock", "us.acme.behind-v1:0").standing == RLM_STANDING_LISTED);
    ASSERT(merged(&all, "bedrock", "acme.behind-v1:0").standing == RLM_STANDING_UNLISTED);
    ASSERT(merged(&all, "bedrock", "acme.behind-v1:0").unlisted_at.precision == RLM_PRECISION_NONE);
    ASSERT_TEXT("B", merged(&all, "bedrock", "acme.behind-v1:0").name);
    ASSERT(merged(&all, "bedrock", "acme.both-v1:0").standing == RLM_STANDING_LISTED);
    ASSERT(merged(&all, "bedrock", "us.acme.both-v1:0").standing == RLM_STANDING_DOCUMENTED);
    ASSERT(merged(&all, "bedrock", "eu.acme.behind-v1:0").standing == RLM_STANDING_DOCUMENTED);
    ASSERT(merged(&all, "bedrock", "acme.alone-v1:0").standing ==
           RLM_STANDING_DOCUMENTED); /* nobody says that a profile has it */
    finish(&all);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(models_behind_a_profile_are_not_offered_by_themselves);
    return REPORT("bedrock_join");
}
