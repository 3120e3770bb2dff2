/*
 * Anthropic: GET {base}/v1/models, pages of up to 1000, its own key header, and a version header without which it
 * answers nothing.
 *
 * Odd about it: the base URL ends before the version. Capabilities are objects, {"supported": …}, some with details
 * beside it that stay as they are. An unknown date is written as the epoch, which rlm_record_state_timestamp knows.
 */
#include "sources/source.h"

static rlm_status
authorize(rlm_request *request, rlm_error *error)
{
    RLM_TRY(rlm_request_setting(request, "x-api-key", NULL, "anthropic_api_key", error));
    return rlm_request_header(request, "anthropic-version", NULL, "2023-06-01", error);
}

/* {"supported": …}; a bare boolean would be as clear. */
static rlm_value *
supported(const rlm_value *capabilities, const char *name)
{
    rlm_value *capability = rlm_value_get(capabilities, name);

    return capability != NULL && capability->kind == RLM_OBJECT ? rlm_value_get(capability, "supported") : capability;
}

static void
read_capabilities(const rlm_value *can, rlm_record *model)
{
    rlm_value *images = supported(can, "image_input");

    rlm_record_state_capability(model, RLM_CAPABILITY_BATCH, supported(can, "batch"));
    rlm_record_state_capability(model, RLM_CAPABILITY_CITATIONS, supported(can, "citations"));
    rlm_record_state_capability(model, RLM_CAPABILITY_STRUCTURED_OUTPUT, supported(can, "structured_outputs"));
    rlm_record_state_capability(model, RLM_CAPABILITY_REASONING, supported(can, "thinking"));
    rlm_record_state_capability(model, RLM_CAPABILITY_VISION, images);
    rlm_record_state_flag(&model->input, RLM_MODALITY_IMAGE, images);
    rlm_record_state_flag(&model->input, RLM_MODALITY_PDF, supported(can, "pdf_input"));
}

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(rlm_record_identify(model, rlm_value_get(row, "id"), NULL, error));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "display_name")));
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created_at"));
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, rlm_value_get(row, "max_input_tokens"));
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(row, "max_tokens"));
    read_capabilities(rlm_value_get(row, "capabilities"), model);

    /* The API lists chat models only. */
    rlm_record_state_type(model, RLM_TYPE_CHAT);
    rlm_flags_state(&model->input, RLM_MODALITY_TEXT, true);
    rlm_flags_state(&model->output, RLM_MODALITY_TEXT, true);
    return rlm_record_keep_rest(model, row, rlm_source_anthropic.ignore);
}

const rlm_source rlm_source_anthropic = {
    .slug = "anthropic",
    .name = "Anthropic",
    .auth = "`x-api-key`",
    .states = "name, date, limits, capabilities",
    .base_url = "https://api.anthropic.com",
    .settings = {{"anthropic_api_key", RLM_SETTING_REQUIRED | RLM_SETTING_SECRET},
                 {"anthropic_api_base", RLM_SETTING_BASE_URL}},
    .flags = RLM_SOURCE_MAKER,
    .preference = 20,
    .listings = {{.path = "v1/models?limit=1000",
                  .rows = "data[]",
                  .page = "after_id",
                  .flags = RLM_LISTING_CURSOR,
                  .read_row = read_row}},
    .ignore = {"type"},
    .authorize = authorize,
};
