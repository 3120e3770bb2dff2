/*
 * The words of a model's facts: what it can do, accepts and is, and the names of the facts themselves.
 */
#ifndef RLM_WORDS_H
#define RLM_WORDS_H

#include "base/text.h"

/*
 * The only definition of the enumerations: the names are those of the ruby_llm gem where it has one. Blocks store the
 * positions: append only. An older version calls a block with a word that it does not know damaged, so a new word also
 * raises RLM_BLOCK_FORMAT.
 */

#define RLM_CAPABILITIES(X)                                                                                            \
    X(STREAMING, "streaming")                                                                                          \
    X(FUNCTION_CALLING, "function_calling")                                                                            \
    X(TOOL_CHOICE, "tool_choice")                                                                                      \
    X(PARALLEL_TOOL_CALLS, "parallel_tool_calls")                                                                      \
    X(STRUCTURED_OUTPUT, "structured_output")                                                                          \
    X(PREDICTED_OUTPUTS, "predicted_outputs")                                                                          \
    X(DISTILLATION, "distillation")                                                                                    \
    X(FINE_TUNING, "fine_tuning")                                                                                      \
    X(BATCH, "batch")                                                                                                  \
    X(REALTIME, "realtime")                                                                                            \
    X(IMAGE_GENERATION, "image_generation")                                                                            \
    X(SPEECH_GENERATION, "speech_generation")                                                                          \
    X(TRANSCRIPTION, "transcription")                                                                                  \
    X(TRANSLATION, "translation")                                                                                      \
    X(CITATIONS, "citations")                                                                                          \
    X(REASONING, "reasoning")                                                                                          \
    X(CACHING, "caching")                                                                                              \
    X(MODERATION, "moderation")                                                                                        \
    X(JSON_MODE, "json_mode")                                                                                          \
    X(VISION, "vision")                                                                                                \
    X(VIDEO, "video")                                                                                                  \
    X(OCR, "ocr")                                                                                                      \
    X(JUDGMENT, "judgment")                                                                                            \
    X(WEB_SEARCH, "web_search")                                                                                        \
    X(CODE_EXECUTION, "code_execution")                                                                                \
    X(COMPUTER_USE, "computer_use")

#define RLM_MODALITIES(X)                                                                                              \
    X(TEXT, "text")                                                                                                    \
    X(IMAGE, "image")                                                                                                  \
    X(AUDIO, "audio")                                                                                                  \
    X(PDF, "pdf")                                                                                                      \
    X(VIDEO, "video")                                                                                                  \
    X(FILE, "file")                                                                                                    \
    X(EMBEDDINGS, "embeddings")                                                                                        \
    X(MODERATION, "moderation")                                                                                        \
    X(RERANK, "rerank")                                                                                                \
    X(JUDGMENT, "judgment")

/*
 * COMPLETION continues a text and does not chat. OTHER: its listing says that it does not chat, and nobody says what it
 * does.
 */
#define RLM_TYPES(X)                                                                                                   \
    X(UNKNOWN, "")                                                                                                     \
    X(CHAT, "chat")                                                                                                    \
    X(EMBEDDING, "embedding")                                                                                          \
    X(IMAGE, "image")                                                                                                  \
    X(VIDEO, "video")                                                                                                  \
    X(AUDIO, "audio")                                                                                                  \
    X(TRANSCRIPTION, "transcription")                                                                                  \
    X(MODERATION, "moderation")                                                                                        \
    X(RERANK, "rerank")                                                                                                \
    X(REALTIME, "realtime")                                                                                            \
    X(OCR, "ocr")                                                                                                      \
    X(JUDGMENT, "judgment")                                                                                            \
    X(COMPLETION, "completion")                                                                                        \
    X(OTHER, "other")

#define RLM_MODEL_STATUSES(X)                                                                                          \
    X(UNKNOWN, "")                                                                                                     \
    X(ACTIVE, "active")                                                                                                \
    X(PREVIEW, "preview")                                                                                              \
    X(ALPHA, "alpha")                                                                                                  \
    X(BETA, "beta")                                                                                                    \
    X(DEPRECATED, "deprecated")                                                                                        \
    X(RETIRED, "retired")

#define RLM_STANDINGS(X)                                                                                               \
    X(LISTED, "listed")                                                                                                \
    X(DOCUMENTED, "catalogued")                                                                                        \
    X(UNLISTED, "unlisted")

#define RLM_LIMITS(X)                                                                                                  \
    X(CONTEXT, "context_window")                                                                                       \
    X(INPUT, "max_input_tokens")                                                                                       \
    X(OUTPUT, "max_output_tokens")

/*
 * Server tools are those that the provider runs. Parameters are what a request may set; reasoning efforts are those
 * that it may ask for.
 */
#define RLM_PARAMETERS(X)                                                                                              \
    X(TEMPERATURE, "temperature")                                                                                      \
    X(TOP_P, "top_p")                                                                                                  \
    X(TOP_K, "top_k")                                                                                                  \
    X(TOP_A, "top_a")                                                                                                  \
    X(MIN_P, "min_p")                                                                                                  \
    X(FREQUENCY_PENALTY, "frequency_penalty")                                                                          \
    X(PRESENCE_PENALTY, "presence_penalty")                                                                            \
    X(REPETITION_PENALTY, "repetition_penalty")                                                                        \
    X(SEED, "seed")                                                                                                    \
    X(STOP, "stop")                                                                                                    \
    X(MAX_TOKENS, "max_tokens")                                                                                        \
    X(MAX_COMPLETION_TOKENS, "max_completion_tokens")                                                                  \
    X(LOGIT_BIAS, "logit_bias")                                                                                        \
    X(LOGPROBS, "logprobs")                                                                                            \
    X(TOP_LOGPROBS, "top_logprobs")                                                                                    \
    X(N, "n")                                                                                                          \
    X(VERBOSITY, "verbosity")                                                                                          \
    X(PREDICTION, "prediction")                                                                                        \
    X(WEB_SEARCH_OPTIONS, "web_search_options")                                                                        \
    X(SERVICE_TIER, "service_tier")                                                                                    \
    X(ASSISTANT_PREFILL, "assistant_prefill")                                                                          \
    X(SYSTEM_MESSAGES, "system_messages")

#define RLM_EFFORTS(X)                                                                                                 \
    X(NONE, "none")                                                                                                    \
    X(MINIMAL, "minimal")                                                                                              \
    X(LOW, "low")                                                                                                      \
    X(MEDIUM, "medium")                                                                                                \
    X(HIGH, "high")                                                                                                    \
    X(XHIGH, "xhigh")                                                                                                  \
    X(MAX, "max")

/* Other things that are stated yes, stated no, or unknown. */
#define RLM_TRAITS(X)                                                                                                  \
    X(REASONING_MANDATORY, "reasoning_mandatory")                                                                      \
    X(REASONING_TOGGLE, "reasoning_toggle")                                                                            \
    X(REASONING_DEFAULT, "reasoning_default")                                                                          \
    X(REASONING_BUDGET, "reasoning_budget")                                                                            \
    X(ZERO_DATA_RETENTION, "zero_data_retention")                                                                      \
    X(TRAINING, "training")                                                                                            \
    X(OPEN_WEIGHTS, "open_weights")                                                                                    \
    X(FIXED_RETIREMENT, "fixed_retirement")

/* What has bounds: parameters, and what one request may hold or ask for. */
#define RLM_BOUNDED(X)                                                                                                 \
    X(TEMPERATURE, "temperature")                                                                                      \
    X(TOP_P, "top_p")                                                                                                  \
    X(TOP_K, "top_k")                                                                                                  \
    X(FREQUENCY_PENALTY, "frequency_penalty")                                                                          \
    X(PRESENCE_PENALTY, "presence_penalty")                                                                            \
    X(REPETITION_PENALTY, "repetition_penalty")                                                                        \
    X(REASONING_BUDGET, "reasoning_budget")                                                                            \
    X(DIMENSIONS, "dimensions")                                                                                        \
    X(IMAGES, "images")                                                                                                \
    X(AUDIO_FILES, "audio_files")                                                                                      \
    X(AUDIO_SECONDS, "audio_seconds")                                                                                  \
    X(VIDEO_FILES, "video_files")                                                                                      \
    X(VIDEO_SECONDS, "video_seconds")                                                                                  \
    X(PDF_MEGABYTES, "pdf_megabytes")                                                                                  \
    X(CHARACTERS, "characters")

#define RLM_BOUNDS(X)                                                                                                  \
    X(MIN, "min")                                                                                                      \
    X(MAX, "max")                                                                                                      \
    X(DEFAULT, "default")

/* The facts that have an origin of their own. */
#define RLM_FIELDS(X)                                                                                                  \
    X(NAME, "name")                                                                                                    \
    X(FAMILY, "family")                                                                                                \
    X(CREATED_AT, "created_at")                                                                                        \
    X(CONTEXT_WINDOW, "context_window")                                                                                \
    X(MAX_INPUT_TOKENS, "max_input_tokens")                                                                            \
    X(MAX_OUTPUT_TOKENS, "max_output_tokens")                                                                          \
    X(KNOWLEDGE_CUTOFF, "knowledge_cutoff")                                                                            \
    X(STATUS, "status")                                                                                                \
    X(RETIRES_AT, "retires_at")                                                                                        \
    X(REPLACEMENT, "replacement")                                                                                      \
    X(INPUT, "input_modalities")                                                                                       \
    X(OUTPUT, "output_modalities")                                                                                     \
    X(CAPABILITIES, "capabilities")                                                                                    \
    X(TYPE, "type")                                                                                                    \
    X(PRICES, "pricing")                                                                                               \
    X(DEPRECATED_AT, "deprecated_at")                                                                                  \
    X(REASONING, "reasoning")                                                                                          \
    X(PARAMETERS, "parameters")                                                                                        \
    X(DIMENSIONS, "dimensions")                                                                                        \
    X(REQUEST_LIMITS, "request_limits")                                                                                \
    X(DATA_POLICY, "data_policy")                                                                                      \
    X(LICENSE, "license")                                                                                              \
    X(OPEN_WEIGHTS, "open_weights")

#define RLM_ENUM(prefix, list, type, count) typedef enum { list(prefix) count } type;

#define X_CAPABILITY(name, text) RLM_CAPABILITY_##name,
#define X_MODALITY(name, text) RLM_MODALITY_##name,
#define X_TYPE(name, text) RLM_TYPE_##name,
#define X_MODEL_STATUS(name, text) RLM_MODEL_STATUS_##name,
#define X_STANDING(name, text) RLM_STANDING_##name,
#define X_LIMIT(name, text) RLM_LIMIT_##name,
#define X_PARAMETER(name, text) RLM_PARAMETER_##name,
#define X_EFFORT(name, text) RLM_EFFORT_##name,
#define X_TRAIT(name, text) RLM_TRAIT_##name,
#define X_BOUNDED(name, text) RLM_BOUNDED_##name,
#define X_BOUND(name, text) RLM_BOUND_##name,
#define X_FIELD(name, text) RLM_FIELD_##name,
RLM_ENUM(X_CAPABILITY, RLM_CAPABILITIES, rlm_capability, RLM_CAPABILITY_COUNT)
RLM_ENUM(X_MODALITY, RLM_MODALITIES, rlm_modality, RLM_MODALITY_COUNT)
RLM_ENUM(X_TYPE, RLM_TYPES, rlm_type, RLM_TYPE_COUNT)
RLM_ENUM(X_MODEL_STATUS, RLM_MODEL_STATUSES, rlm_model_status, RLM_MODEL_STATUS_COUNT)
RLM_ENUM(X_STANDING, RLM_STANDINGS, rlm_standing, RLM_STANDING_COUNT)
RLM_ENUM(X_LIMIT, RLM_LIMITS, rlm_limit, RLM_LIMIT_COUNT)
RLM_ENUM(X_PARAMETER, RLM_PARAMETERS, rlm_parameter, RLM_PARAMETER_COUNT)
RLM_ENUM(X_EFFORT, RLM_EFFORTS, rlm_effort, RLM_EFFORT_COUNT)
RLM_ENUM(X_TRAIT, RLM_TRAITS, rlm_trait, RLM_TRAIT_COUNT)
RLM_ENUM(X_BOUNDED, RLM_BOUNDED, rlm_bounded, RLM_BOUNDED_COUNT)
RLM_ENUM(X_BOUND, RLM_BOUNDS, rlm_bound_kind, RLM_BOUND_COUNT)
RLM_ENUM(X_FIELD, RLM_FIELDS, rlm_field, RLM_FIELD_COUNT)
#undef X_CAPABILITY
#undef X_MODALITY
#undef X_TYPE
#undef X_MODEL_STATUS
#undef X_STANDING
#undef X_LIMIT
#undef X_PARAMETER
#undef X_EFFORT
#undef X_TRAIT
#undef X_BOUNDED
#undef X_BOUND
#undef X_FIELD
#undef RLM_ENUM

/* The texts above, by position. */
extern const char *const rlm_capability_names[RLM_CAPABILITY_COUNT];
extern const char *const rlm_modality_names[RLM_MODALITY_COUNT];
extern const char *const rlm_type_names[RLM_TYPE_COUNT];
extern const char *const rlm_model_status_names[RLM_MODEL_STATUS_COUNT];
extern const char *const rlm_standing_names[RLM_STANDING_COUNT];
extern const char *const rlm_parameter_names[RLM_PARAMETER_COUNT];
extern const char *const rlm_effort_names[RLM_EFFORT_COUNT];
extern const char *const rlm_trait_names[RLM_TRAIT_COUNT];
extern const char *const rlm_bounded_names[RLM_BOUNDED_COUNT];
extern const char *const rlm_bound_names[RLM_BOUND_COUNT];
extern const char *const rlm_field_names[RLM_FIELD_COUNT];

/* The field of each limit, by position. */
extern const rlm_field rlm_limit_fields[RLM_LIMIT_COUNT];

/* The position of `text` among `count` names, or -1. */
int
rlm_name_position(const char *const *names, int count, rlm_slice text);

#endif
