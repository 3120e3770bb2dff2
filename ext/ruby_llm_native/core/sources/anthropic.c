/*
 * Anthropic: GET {base}/v1/models, pages of up to 1000, its own key header, and a version header without which it
 * answers nothing.
 *
 * Odd about it: the base URL ends before the version. Capabilities are objects, {"supported": …}, some with details
 * beside it that stay as they are. An unknown date is written as the epoch, which rlm_record_state_timestamp knows. A
 * date of retirement that has passed does not retire a model: only its `lifecycle` does. To whom a declined request may
 * fall back is stated where a beta header is sent. It is not sent here, because its name changes, and a name that is no
 * longer known would cost the whole answer; a gateway may send it.
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
read_efforts(const rlm_value *effort, rlm_record *model)
{
    if (effort == NULL || effort->kind != RLM_OBJECT) return;
    RLM_EACH (level, effort) {
        int position = rlm_name_position(rlm_effort_names, RLM_EFFORT_COUNT, level->key);

        if (position >= 0) rlm_record_state_flag(&model->efforts, position, rlm_value_get(level, "supported"));
    }
}

/* "enabled" is with a budget; what cannot be "disabled" is always on. */
static void
read_thinking(const rlm_value *types, rlm_record *model)
{
    rlm_value *disabled = supported(types, "disabled");
    bool can_be_disabled;

    rlm_record_state_flag(&model->traits, RLM_TRAIT_REASONING_BUDGET, supported(types, "enabled"));
    if (!rlm_value_truth(disabled, &can_be_disabled)) return;
    rlm_flags_state(&model->traits, RLM_TRAIT_REASONING_TOGGLE, can_be_disabled);
    rlm_flags_state(&model->traits, RLM_TRAIT_REASONING_MANDATORY, !can_be_disabled);
    rlm_value_take(disabled);
}

static void
read_capabilities(const rlm_value *can, rlm_record *model)
{
    const rlm_value *tools = rlm_value_get(can, "server_tools");
    rlm_value *images = supported(can, "image_input");

    read_efforts(rlm_value_get(can, "effort"), model);
    read_thinking(rlm_value_get(rlm_value_get(can, "thinking"), "types"), model);
    rlm_record_state_capability(model, RLM_CAPABILITY_CODE_EXECUTION, supported(can, "code_execution"));
    rlm_record_state_capability(model, RLM_CAPABILITY_CODE_EXECUTION, supported(tools, "code_execution"));
    rlm_record_state_capability(model, RLM_CAPABILITY_WEB_SEARCH, supported(tools, "web_search"));

    rlm_record_state_capability(model, RLM_CAPABILITY_BATCH, supported(can, "batch"));
    rlm_record_state_capability(model, RLM_CAPABILITY_CITATIONS, supported(can, "citations"));
    rlm_record_state_capability(model, RLM_CAPABILITY_STRUCTURED_OUTPUT, supported(can, "structured_outputs"));
    rlm_record_state_capability(model, RLM_CAPABILITY_REASONING, supported(can, "thinking"));
    rlm_record_state_capability(model, RLM_CAPABILITY_VISION, images);
    rlm_record_state_flag(&model->input, RLM_MODALITY_IMAGE, images);
    rlm_record_state_flag(&model->input, RLM_MODALITY_PDF, supported(can, "pdf_input"));
}

static rlm_status
read_life(const rlm_value *row, rlm_record *model)
{
    rlm_value *word = rlm_value_get(row, "lifecycle");
    int status = rlm_name_position(rlm_model_status_names, RLM_MODEL_STATUS_COUNT, rlm_value_text(word));

    if (status > 0) {
        model->status = (uint8_t) status;
        rlm_value_take(word);
    }
    rlm_record_state_timestamp(&model->deprecated_at, rlm_value_get(row, "deprecated_at"));
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(row, "retires_at"));
    return rlm_record_state_replacements(model, RLM_REPLACEMENT_FALLBACK,
                                         rlm_value_get(row, "allowed_fallback_models"));
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
    RLM_TRY(read_life(row, model));

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
    .states = "name, dates, limits, capabilities, efforts, server tools, life cycle",
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
