/*
 * The normalised model: what one source states about it, or what all sources together state.
 *
 * Nothing here is ever guessed. A limit that nobody states is RLM_UNKNOWN; a timestamp without precision is not stated;
 * a capability is stated yes, stated no, or unknown; a price that is not in the list is unknown, and a price of 0 is a
 * price.
 */
#ifndef RLM_RECORD_H
#define RLM_RECORD_H

#include "base/decimal.h"
#include "base/timestamp.h"
#include "json/value.h"

#define RLM_UNKNOWN (-1)

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
    X(JUDGMENT, "judgment")

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

#define RLM_PRICE_CATEGORIES(X)                                                                                        \
    X(TEXT, "text_tokens")                                                                                             \
    X(IMAGE, "images")                                                                                                 \
    X(AUDIO, "audio_tokens")                                                                                           \
    X(EMBEDDINGS, "embeddings")                                                                                        \
    X(REQUEST, "requests")                                                                                             \
    X(WEB_SEARCH, "web_searches")

#define RLM_PRICE_DIRECTIONS(X)                                                                                        \
    X(INPUT, "input")                                                                                                  \
    X(OUTPUT, "output")                                                                                                \
    X(CACHE_READ, "cache_read_input")                                                                                  \
    X(CACHE_WRITE, "cache_write_input")                                                                                \
    X(REASONING, "reasoning_output")

#define RLM_PRICE_TIERS(X)                                                                                             \
    X(STANDARD, "standard")                                                                                            \
    X(BATCH, "batch")

#define RLM_PRICE_UNITS(X)                                                                                             \
    X(MILLION_TOKENS, "million_tokens")                                                                                \
    X(IMAGE, "image")                                                                                                  \
    X(REQUEST, "request")

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
    X(PRICES, "pricing")

#define RLM_ENUM(prefix, list, type, count) typedef enum { list(prefix) count } type;

#define X_CAPABILITY(name, text) RLM_CAPABILITY_##name,
#define X_MODALITY(name, text) RLM_MODALITY_##name,
#define X_TYPE(name, text) RLM_TYPE_##name,
#define X_MODEL_STATUS(name, text) RLM_MODEL_STATUS_##name,
#define X_STANDING(name, text) RLM_STANDING_##name,
#define X_LIMIT(name, text) RLM_LIMIT_##name,
#define X_CATEGORY(name, text) RLM_PRICE_##name,
#define X_DIRECTION(name, text) RLM_DIRECTION_##name,
#define X_TIER(name, text) RLM_TIER_##name,
#define X_UNIT(name, text) RLM_UNIT_##name,
#define X_FIELD(name, text) RLM_FIELD_##name,
RLM_ENUM(X_CAPABILITY, RLM_CAPABILITIES, rlm_capability, RLM_CAPABILITY_COUNT)
RLM_ENUM(X_MODALITY, RLM_MODALITIES, rlm_modality, RLM_MODALITY_COUNT)
RLM_ENUM(X_TYPE, RLM_TYPES, rlm_type, RLM_TYPE_COUNT)
RLM_ENUM(X_MODEL_STATUS, RLM_MODEL_STATUSES, rlm_model_status, RLM_MODEL_STATUS_COUNT)
RLM_ENUM(X_STANDING, RLM_STANDINGS, rlm_standing, RLM_STANDING_COUNT)
RLM_ENUM(X_LIMIT, RLM_LIMITS, rlm_limit, RLM_LIMIT_COUNT)
RLM_ENUM(X_CATEGORY, RLM_PRICE_CATEGORIES, rlm_price_category, RLM_PRICE_COUNT)
RLM_ENUM(X_DIRECTION, RLM_PRICE_DIRECTIONS, rlm_price_direction, RLM_DIRECTION_COUNT)
RLM_ENUM(X_TIER, RLM_PRICE_TIERS, rlm_price_tier, RLM_TIER_COUNT)
RLM_ENUM(X_UNIT, RLM_PRICE_UNITS, rlm_price_unit, RLM_UNIT_COUNT)
RLM_ENUM(X_FIELD, RLM_FIELDS, rlm_field, RLM_FIELD_COUNT)
#undef X_CAPABILITY
#undef X_MODALITY
#undef X_TYPE
#undef X_MODEL_STATUS
#undef X_STANDING
#undef X_LIMIT
#undef X_CATEGORY
#undef X_DIRECTION
#undef X_TIER
#undef X_UNIT
#undef X_FIELD
#undef RLM_ENUM

/* The texts above, by position. */
extern const char *const rlm_capability_names[RLM_CAPABILITY_COUNT];
extern const char *const rlm_modality_names[RLM_MODALITY_COUNT];
extern const char *const rlm_type_names[RLM_TYPE_COUNT];
extern const char *const rlm_model_status_names[RLM_MODEL_STATUS_COUNT];
extern const char *const rlm_standing_names[RLM_STANDING_COUNT];
extern const char *const rlm_price_category_names[RLM_PRICE_COUNT];
extern const char *const rlm_price_direction_names[RLM_DIRECTION_COUNT];
extern const char *const rlm_price_tier_names[RLM_TIER_COUNT];
extern const char *const rlm_price_unit_names[RLM_UNIT_COUNT];
extern const char *const rlm_field_names[RLM_FIELD_COUNT];

/* The field of each limit, by position. */
extern const rlm_field rlm_limit_fields[RLM_LIMIT_COUNT];

/* The position of `text` among `count` names, or -1. */
int
rlm_name_position(const char *const *names, int count, rlm_slice text);

/* A set of flags, each of which is stated yes, stated no, or unknown. */
typedef struct {
    uint32_t yes, no;
} rlm_flags;

#define RLM_BIT(position) ((uint32_t) 1 << (position))

/* US dollars. Stored as it is, so it has no hole. */
typedef struct {
    int64_t coefficient; /* of an rlm_decimal */
    int64_t threshold;   /* the price holds for requests of more tokens than this; 0: for all */
    int16_t exponent;
    uint8_t category, direction, tier, unit;
    uint8_t unused[2];
} rlm_price;

typedef struct rlm_listing rlm_listing; /* source.h */

/*
 * All texts and prices belong to others: the source's arena while it is read, afterwards the block that the record was
 * decoded from.
 */
typedef struct {
    rlm_slice provider, id, name, family, replacement;
    rlm_slice equivalents; /* ids that name the same model, sorted, each followed by a line feed */
    rlm_slice metadata;    /* a JSON object, or empty */
    rlm_slice origins;     /* origins.h; of a merged record; in a sheet, of facts that were not read from the answer */
    rlm_slice endpoints;   /* of a merged record: the names of those that list it, as equivalents are written */
    rlm_timestamp created_at, knowledge_cutoff, retires_at, unlisted_at;
    int64_t limits[RLM_LIMIT_COUNT]; /* tokens, or RLM_UNKNOWN */
    rlm_flags capabilities, input, output;
    uint8_t type, status, standing;
    const rlm_price *prices;
    uint32_t price_count;

    /* While it is read, until its sheet is written; else NULL. */
    rlm_arena *arena;
    const rlm_listing *listing; /* where its row was; NULL: rlm_source.complete added it */
    rlm_slice group;            /* the first-level key of a "*.…" path */
    const void *aside;          /* in the arena: what the source's own reader left for its `complete` */
    rlm_slice unread_price;     /* the price that could not be read; empty: there is none */
} rlm_record;

void
rlm_record_init(rlm_record *record, rlm_arena *arena, rlm_slice provider);

/*
 * What a source's reader states. Each function takes a value of the row as it comes. A value that is understood is
 * taken: the fact is kept, copied to the record's arena, and the value is no longer part of the rest. One that is not
 * understood (null, of another kind, out of range) says nothing and stays in the rest. If a row has several words for
 * one fact, the first that is understood holds, and a different one stays in the rest. The functions that return a
 * status can only fail with RLM_OUT_OF_MEMORY, except identify.
 */

/*
 * The id: RLM_BAD_ROW, with the reason in `error`, if it is not a string, empty, longer than RLM_CAP_ID, damaged or has
 * control characters; RLM_LEFT_OUT if it has a `*`: that is a proxy's pattern for models, not a model. `prefix`, unless
 * NULL, is cut off.
 */
RLM_NODISCARD rlm_status
rlm_record_identify(rlm_record *record, rlm_value *id, const char *prefix, rlm_error *error);

RLM_NODISCARD rlm_status
rlm_record_state_name(rlm_record *record, rlm_value *name);

RLM_NODISCARD rlm_status
rlm_record_state_family(rlm_record *record, rlm_value *family);

/* Tokens; zero and negative numbers are understood as "unknown". */
void
rlm_record_state_limit(rlm_record *record, rlm_limit limit, rlm_value *tokens);

/* A text in one of the forms of timestamp.h, or seconds since 1970; 1970 and before are understood as "unknown". */
void
rlm_record_state_timestamp(rlm_timestamp *timestamp, rlm_value *value);

/* `flag`, as rlm_value_truth reads it: true states yes, false states no. */
void
rlm_record_state_flag(rlm_flags *flags, int position, rlm_value *flag);

void
rlm_record_state_capability(rlm_record *record, rlm_capability capability, rlm_value *flag);

/*
 * A source's own word for a flag; several words may mean the same flag. RLM_NO_FLAG: the word is known and means
 * nothing that the record has.
 */
typedef struct {
    const char *word; /* NULL ends a list of them */
    int flag;
} rlm_word;

#define RLM_NO_FLAG (-1)

/*
 * A list that enumerates capabilities: yes for the capabilities of `words` whose word is in it, no for the others of
 * `words`. A list that has anything but strings, or none of the `words`, enumerates nothing and says nothing. The list
 * stays in the rest, because it has more than the record.
 */
void
rlm_record_state_enumerated(rlm_record *record, const rlm_value *list, const rlm_word *words);

/* Stated by other means than a boolean. */
void
rlm_flags_state(rlm_flags *flags, int position, bool yes);

/*
 * A list that enumerates modalities, in our words or in those of `own` (NULL: none); it also states no for those that
 * it leaves out. A list that has anything but strings, or no known word, says nothing; one that also has unknown words
 * is read and stays in the rest.
 */
void
rlm_record_state_modalities(rlm_flags *flags, rlm_value *list, const rlm_word *own);

/* The type. Types with an output of their own also state that output, and that there is no other. */
void
rlm_record_state_type(rlm_record *record, rlm_type type);

/*
 * A price: `amount` US dollars, a number or string, for 10^-shift units; shift 6 makes it a price per million. Negative
 * amounts are sentinels and say nothing.
 *
 * Prices are a set, in which a missing one would count as free. So a price that cannot be read, or one more than
 * RLM_CAP_PRICES, leaves the record without any. rlm_record.unread_price then tells why, and all prices stay in the
 * rest.
 */
RLM_NODISCARD rlm_status
rlm_record_state_price(rlm_record *record, rlm_price price, rlm_value *amount, int shift);

/* Take a value that belongs to prices, with everything in it: it stays in the rest if they do. */
void
rlm_value_take_with_prices(rlm_value *value);

/* One price as a member of an object: its key, what it is the price of, and the shift of rlm_record_state_price. */
typedef struct {
    const char *key; /* NULL ends a list of them */
    rlm_price price;
    int shift;
} rlm_price_key;

/*
 * The prices under `keys` of `object`, for requests of more than `threshold` tokens. Without `zeros` an amount of 0 is
 * understood as "no such price": some APIs send it for prices that a model does not have.
 */
RLM_NODISCARD rlm_status
rlm_record_state_prices(rlm_record *record, const rlm_value *object, const rlm_price_key *keys, int64_t threshold,
                        bool zeros);

/*
 * Ids that name the same model: a list of strings, or one string. Its own id is passed over. A value that has anything
 * else is not taken: ids of other offers, or strings with a comma or a blank, which no id has but a list written as a
 * string has.
 */
RLM_NODISCARD rlm_status
rlm_record_state_equivalents(rlm_record *record, rlm_value *ids);

RLM_NODISCARD rlm_status
rlm_record_state_replacement(rlm_record *record, rlm_value *id);

/* Keep as metadata what nobody took of the row, without the keys in `ignore` (ended by NULL), which are not facts. */
RLM_NODISCARD rlm_status
rlm_record_keep_rest(rlm_record *record, const rlm_value *row, const char *const *ignore);

/* Take a member with everything in it, so that none of it is part of the rest. */
void
rlm_value_drop(const rlm_value *object, const char *key);

/* Whether a list of strings has that one. */
bool
rlm_value_contains(const rlm_value *list, const char *text);

/* The order of records everywhere: by provider, then by id. Takes pointers to records, for qsort and bsearch. */
int
rlm_record_compare(const void *left, const void *right);

/* Whether a list of ids has that one. */
bool
rlm_id_list_has(rlm_slice list, rlm_slice id);

/* Walk over equivalents: the next id, or false at the end. `*rest` starts as record.equivalents. */
bool
rlm_id_list_next(rlm_slice *rest, rlm_slice *id);

/*
 * The equivalents made of `ids`, which are sorted in place: each once, the first `most` of them. New bytes come from
 * the arena, here and below. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_id_list(rlm_arena *arena, rlm_slice *ids, size_t count, size_t most, rlm_slice *out);

/* Two sorted lists of equivalents as one, each id once. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_id_list_unite(rlm_arena *arena, rlm_slice left, rlm_slice right, rlm_slice *out);

/*
 * The equivalents `sorted` with `id` in its place, written to `*out`. Only for a few ids, because each call copies all
 * of them. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_id_list_add(rlm_arena *arena, rlm_slice sorted, rlm_slice id, rlm_slice *out);

/*
 * Unite the facts of `count` rows of one id in the first record, whatever their order: yes beats no, the larger limit
 * wins, chat beats other types. Of all their equivalents the first RLM_CAP_EQUIVALENTS are kept. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_record_unite(rlm_record *records, size_t count, rlm_arena *arena);

/* One order for prices, so that equal sets are equal bytes. `prices` is sorted in place. */
void
rlm_prices_sort(rlm_price *prices, size_t count);

#define RLM_ANY_THRESHOLD (-1)

/* The price per million tokens of that kind, the last one if there are several; NULL: none. */
const rlm_price *
rlm_prices_find(const rlm_price *prices, size_t count, rlm_price_category category, rlm_price_direction direction,
                rlm_price_tier tier, int64_t threshold);

bool
rlm_prices_equal(const rlm_price *left, size_t left_count, const rlm_price *right, size_t right_count);

#endif
