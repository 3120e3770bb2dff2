/*
 * Rows in OpenAI's format, from any server that uses it: vLLM, SGLang, llama.cpp, LM Studio, LiteLLM, Groq, Together,
 * Fireworks and others state more than OpenAI does, each in its own words. The tables in compatible_facts.c say what a
 * word means; what is in no table stays metadata. Prices are in compatible_prices.c, controls in compatible_controls.c.
 *
 * Odd about them: some put their facts into a member of the row (`meta`, `metadata`, `limits`, `model_spec`). Lists of
 * features say what a model can, and rarely all of it, so they deny nothing; only booleans do. `max_tokens` is the
 * context on some servers and the output on others: it is read only beside `context_window` and `type`, where Vercel's
 * gateway puts its outputs. Only there, and in DeepInfra's `metadata`, are `tags` features; elsewhere they advertise. A
 * router lists a model once with the offers of several hosts, and does not say which one will answer: a fact is read
 * where all of them agree.
 *
 * Servers that run on one's own machines write the time of the request as `created`, random ids into `permission`, and
 * the command line of a process, which may hold keys, into `status`.
 */
#include "sources/compatible.h"

#include <string.h>

/* ---- Offers of several hosts, instances of one server ---- */

static bool
are_equal(const rlm_value *left, const rlm_value *right)
{
    rlm_decimal one, other;
    bool yes, too;

    if (rlm_value_decimal(left, &one) && rlm_value_decimal(right, &other)) return rlm_decimal_compare(one, other) == 0;
    return rlm_value_truth(left, &yes) && rlm_value_truth(right, &too) && yes == too;
}

rlm_value
rlm_compatible_agreed(const rlm_value *offers, const char *path)
{
    const rlm_value *first = NULL, nothing = {.kind = RLM_NULL};
    const size_t length = strcspn(path, ".");

    if (offers == NULL || offers->kind != RLM_ARRAY) return nothing;
    RLM_EACH (offer, offers) {
        const rlm_value *status = rlm_value_get(offer, "status"), *said;

        if (status != NULL && !rlm_slice_is(rlm_value_text(status), "live")) continue;
        said = rlm_value_member(offer, (rlm_slice){path, length});
        if (path[length] != '\0') said = rlm_value_get(said, path + length + 1);
        if (first == NULL) first = said;
        if (!are_equal(first, said)) return nothing;
    }
    return first != NULL ? *first : nothing;
}

static void
read_offers(const rlm_value *row, rlm_record *model)
{
    const rlm_value *hosts = rlm_value_get(row, "providers"), *instances = rlm_value_get(row, "loaded_instances");
    rlm_value context = rlm_compatible_agreed(hosts, "context_length");
    rlm_value loaded = rlm_compatible_agreed(instances, "config.context_length");
    rlm_value tools = rlm_compatible_agreed(hosts, "supports_tools");
    rlm_value structured = rlm_compatible_agreed(hosts, "supports_structured_output");

    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, &context);
    rlm_record_state_limit(model, RLM_LIMIT_CONTEXT, &loaded);
    rlm_record_state_capability(model, RLM_CAPABILITY_FUNCTION_CALLING, &tools);
    rlm_record_state_capability(model, RLM_CAPABILITY_STRUCTURED_OUTPUT, &structured);
    if (hosts == NULL || hosts->kind != RLM_ARRAY) return;
    RLM_EACH (host, hosts) { /* measured anew for each answer */
        rlm_value_drop(host, "throughput");
        rlm_value_drop(host, "first_token_latency_ms");
    }
}

/* ---- Dates and the end of a model ---- */

/* In 1993: what NVIDIA writes as the date of every model. */
#define NVIDIA_DATE 735790403

static void
read_created(const rlm_value *row, rlm_record *model)
{
    static const char *const own[] = {"vllm", "sglang", "llamacpp"};
    rlm_slice owner = rlm_value_text(rlm_value_get(row, "owned_by"));
    rlm_value *created = rlm_value_get(row, "created");
    int64_t seconds;

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (rlm_slice_is(owner, own[i])) rlm_value_drop(row, "created");
    }
    if (rlm_value_integer(created, &seconds) && seconds == NVIDIA_DATE) rlm_value_drop(row, "created");
    rlm_record_state_timestamp(&model->created_at, created);
}

static rlm_status
read_dates(const rlm_value *row, rlm_record *model)
{
    static const char *const ends[] = {"shutdown_date", "deprecation_date", "expiration_date", "retires_at"};
    rlm_value *deprecation = rlm_value_get(row, "deprecation");

    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "released")); /* Vercel's `created` is its own */
    read_created(row, model);
    rlm_record_state_timestamp(&model->created_at, rlm_value_get(row, "created_at"));
    rlm_record_state_timestamp(&model->knowledge_cutoff, rlm_value_get(row, "knowledge_cutoff"));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        rlm_record_state_timestamp(&model->retires_at, rlm_value_get(row, ends[i]));
    }
    rlm_record_state_timestamp(&model->deprecated_at, rlm_value_get(row, "deprecated_at"));
    if (rlm_value_take_true(rlm_value_get(row, "deprecated"))) model->status = RLM_MODEL_STATUS_DEPRECATED;
    if (rlm_value_text(deprecation).length > 0) { /* Mistral */
        rlm_record_state_timestamp(&model->retires_at, deprecation);
        if (model->retires_at.precision != RLM_PRECISION_NONE) model->status = RLM_MODEL_STATUS_DEPRECATED;
    }
    rlm_record_state_timestamp(&model->retires_at, rlm_value_get(deprecation, "date"));
    return rlm_record_state_replacement(model, RLM_REPLACEMENT_SUCCESSOR,
                                        rlm_value_get(row, "deprecation_replacement_model"));
}

/* ---- A row ---- */

/* LM Studio's own API calls the id `key`. */
static rlm_status
read_id(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    rlm_value *id = rlm_value_get(row, "id"), *active = rlm_value_get(row, "active");
    bool truth = true;

    if (id == NULL) id = rlm_value_get(row, "key");
    RLM_TRY(rlm_record_identify(model, id, NULL, error));
    if (!rlm_value_truth(active, &truth) || truth) return RLM_OK;
    return rlm_error_set(error, RLM_LEFT_OUT, "\"%.*s\" is not active", (int) model->id.length, model->id.bytes);
}

/* Whether it states no more than OpenAI does: most rows of most servers are done with that. */
static bool
is_plain(const rlm_value *row)
{
    static const char *const keys[] = {"id", "object", "created", "owned_by"};

    RLM_EACH (member, row) {
        size_t i = 0;

        while (i < sizeof keys / sizeof *keys && !rlm_slice_is(member->key, keys[i])) i++;
        if (i == sizeof keys / sizeof *keys) return false;
    }
    return true;
}

static rlm_status
read_names(const rlm_value *row, rlm_record *model)
{
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "display_name")));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "name")));
    RLM_TRY(rlm_record_state_name(model, rlm_value_get(row, "title")));
    return rlm_record_state_equivalents(model, rlm_value_get(row, "aliases"));
}

/* Vercel's, whose types are known. */
static void
read_gateway(const rlm_value *row, rlm_record *model)
{
    if (rlm_value_get(row, "context_window") == NULL || rlm_value_get(row, "type") == NULL) return;
    if (model->type == RLM_TYPE_UNKNOWN) return;
    rlm_record_state_limit(model, RLM_LIMIT_OUTPUT, rlm_value_get(row, "max_tokens"));
    rlm_compatible_state_features(rlm_value_get(row, "tags"), model);
}

static rlm_status
read_more(const rlm_value *row, rlm_record *model)
{
    static const char *const parts[] = {"meta", "metadata", "limits", "model_spec", "top_provider"};
    const rlm_value *spec = rlm_value_get(row, "model_spec");

    RLM_TRY(read_names(row, model));
    RLM_TRY(read_names(spec, model));
    RLM_TRY(read_dates(row, model));
    RLM_TRY(read_dates(spec, model));
    if (rlm_value_take_true(rlm_value_get(spec, "beta"))) model->status = RLM_MODEL_STATUS_BETA;
    rlm_compatible_state_type(row, model);
    read_offers(row, model);
    rlm_compatible_state_facts(row, model);
    RLM_TRY(rlm_compatible_state_controls(row, model));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const rlm_value *part = rlm_value_get(row, parts[i]);

        if (part == NULL || part->kind != RLM_OBJECT) continue;
        rlm_compatible_state_facts(part, model);
        RLM_TRY(rlm_compatible_state_controls(part, model));
    }
    rlm_compatible_state_features(rlm_value_get(rlm_value_get(row, "metadata"), "tags"), model);
    read_gateway(row, model);
    RLM_TRY(rlm_compatible_read_prices(row, model));
    rlm_value_drop(row, "permission");
    if (rlm_value_get(rlm_value_get(row, "status"), "value") != NULL) rlm_value_drop(row, "status");
    return RLM_OK;
}

rlm_status
rlm_compatible_read_without(const char *const *ignore, const rlm_value *row, rlm_record *model, rlm_error *error)
{
    RLM_TRY(read_id(row, model, error));
    if (is_plain(row)) read_created(row, model);
    else RLM_TRY(read_more(row, model));
    return rlm_record_keep_rest(model, row, ignore);
}

rlm_status
rlm_compatible_read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    static const char *const ignored[] = {"object", NULL};

    return rlm_compatible_read_without(ignored, row, model, error);
}
