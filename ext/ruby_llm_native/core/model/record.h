/*
 * The normalised model: what one source states about it, or what all sources together state.
 *
 * Nothing here is ever guessed. A limit that nobody states is RLM_UNKNOWN; a timestamp without precision is not stated;
 * a capability is stated yes, stated no, or unknown; a price that is not in the list is unknown, and a price of 0 is a
 * price.
 */
#ifndef RLM_RECORD_H
#define RLM_RECORD_H

#include "base/timestamp.h"
#include "model/id_list.h"
#include "model/price.h"
#include "model/words.h"
#include "json/value.h"

#define RLM_UNKNOWN (-1)

/* A set of flags, each of which is stated yes, stated no, or unknown. */
typedef struct {
    uint32_t yes, no;
} rlm_flags;

#define RLM_BIT(position) ((uint32_t) 1 << (position))

/* A bound of a number, exact. Stored as it is, so it has no hole. */
typedef struct {
    int64_t coefficient; /* of an rlm_decimal */
    int16_t exponent;
    uint8_t of, kind; /* rlm_bounded, rlm_bound_kind */
    uint8_t unused[4];
} rlm_bound;

/* By what is bounded, then by the kind of the bound. */
int
rlm_bound_order(const rlm_bound *left, const rlm_bound *right);

/* The traits that belong to one fact. */
#define RLM_REASONING_TRAITS                                                                                           \
    (RLM_BIT(RLM_TRAIT_REASONING_MANDATORY) | RLM_BIT(RLM_TRAIT_REASONING_TOGGLE) |                                    \
     RLM_BIT(RLM_TRAIT_REASONING_DEFAULT) | RLM_BIT(RLM_TRAIT_REASONING_BUDGET))
#define RLM_POLICY_TRAITS (RLM_BIT(RLM_TRAIT_ZERO_DATA_RETENTION) | RLM_BIT(RLM_TRAIT_TRAINING))

/* Which other model a source names in place of one. In a list of them, each id follows its kind and a blank. */
#define RLM_REPLACEMENT_SUCCESSOR "successor"
#define RLM_REPLACEMENT_FALLBACK "fallback"

typedef struct rlm_listing rlm_listing; /* source.h */

/*
 * All texts and prices belong to others: the source's arena while it is read, afterwards the block that the record was
 * decoded from.
 */
typedef struct {
    rlm_slice provider, id, name, family;
    rlm_slice replacements; /* see RLM_REPLACEMENT_SUCCESSOR; as equivalents are written */
    rlm_slice equivalents;  /* ids that name the same model, sorted, each followed by a line feed */
    rlm_slice metadata;     /* a JSON object, or empty */
    rlm_slice origins;      /* origins.h; of a merged record; in a sheet, of facts that were not read from the answer */
    rlm_slice endpoints;    /* of a merged record: the names of those that list it, as equivalents are written */
    rlm_slice license, data_regions; /* the latter as equivalents are written */
    rlm_slice pattern; /* pattern.h: the record speaks of all models of its provider whose ids match; or empty */
    rlm_timestamp created_at, knowledge_cutoff, retires_at, unlisted_at, deprecated_at;
    int64_t limits[RLM_LIMIT_COUNT]; /* tokens, or RLM_UNKNOWN */
    rlm_flags capabilities, input, output, parameters, efforts, traits;
    uint8_t type, status, standing;
    uint8_t default_effort; /* an rlm_effort + 1; 0: not stated */
    uint32_t bound_count;
    const rlm_bound *bounds; /* sorted */
    rlm_price_set prices;

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

/*
 * Lists that enumerate reasoning efforts, or the parameters of a request: yes for the known words in it, no for the
 * others. A list without any known word says nothing. Both stay in the rest if they have other words, too.
 */
void
rlm_record_state_efforts(rlm_record *record, rlm_value *list);

void
rlm_record_state_parameters(rlm_record *record, rlm_value *list);

/* The effort that is used where a request names none. */
void
rlm_record_state_default_effort(rlm_record *record, rlm_value *effort);

/* A bound, a number of at least 0. The first one that is understood holds. */
RLM_NODISCARD rlm_status
rlm_record_state_bound(rlm_record *record, rlm_bounded of, rlm_bound_kind kind, rlm_value *number);

/* The same of a number that has been read. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_record_add_bound(rlm_record *record, rlm_bounded of, rlm_bound_kind kind, rlm_decimal number);

/* The bound of that kind, or NULL. */
const rlm_bound *
rlm_record_bound(const rlm_record *record, rlm_bounded of, rlm_bound_kind kind);

RLM_NODISCARD rlm_status
rlm_record_state_license(rlm_record *record, rlm_value *license);

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

/* The same for a price whose conditions are not understood. `why` is what must be and what was, for people. */
RLM_NODISCARD rlm_status
rlm_record_give_up_prices(rlm_record *record, const char *why);

/* Take a value that belongs to prices, with everything in it: it stays in the rest if they do. */
void
rlm_value_take_with_prices(rlm_value *value);

/* The same for a price with texts among its conditions. Those of `price` itself are ignored. */
RLM_NODISCARD rlm_status
rlm_record_state_price_for(rlm_record *record, rlm_price price, const rlm_price_words *words, rlm_value *amount,
                           int shift);

/*
 * One price as a member of an object: its key, what it is the price of, which other meters it covers, the shift of
 * rlm_record_state_price, and the unit, unless it is that of the meter.
 */
typedef struct {
    const char *key; /* NULL ends a list of them */
    uint8_t meter, covers;
    int8_t shift;
    uint8_t unit;
} rlm_price_key;

#define RLM_UNIT_OF_METER 0 /* the first unit is only that of tokens, and of all meters of tokens */

#define RLM_PRICE(key, meter, shift)                                                                                   \
    {                                                                                                                  \
        key, RLM_METER_##meter, 0, shift, RLM_UNIT_OF_METER                                                            \
    }
/* Of tokens of text, and of images, audio and video where those have no price of their own. */
#define RLM_PRICE_OF_ALL(key, meter, shift)                                                                            \
    {                                                                                                                  \
        key, RLM_METER_##meter, RLM_COVERS_MEDIA, shift, RLM_UNIT_OF_METER                                             \
    }
#define RLM_PRICE_END                                                                                                  \
    {                                                                                                                  \
        NULL, 0, 0, 0, 0                                                                                               \
    }

/* Conditions: none, or only the length of the request. */
#define RLM_ANY_LENGTH ((rlm_price){.threshold = 0})

/* False, and `*conditions` untouched, for a threshold that is not at least 1 or that no price holds. */
bool
rlm_price_above(int64_t threshold, rlm_price *conditions);

/*
 * The prices under `keys` of `object`, each with the conditions of `conditions`. Without `zeros` an amount of 0 is
 * understood as "no such price": some APIs send it for prices that a model does not have.
 */
RLM_NODISCARD rlm_status
rlm_record_state_prices(rlm_record *record, const rlm_value *object, const rlm_price_key *keys, rlm_price conditions,
                        bool zeros);

/*
 * Ids that name the same model: a list of strings, or one string. Its own id is passed over. A value that has anything
 * else is not taken: ids of other offers, or strings with a comma or a blank, which no id has but a list written as a
 * string has.
 */
RLM_NODISCARD rlm_status
rlm_record_state_equivalents(rlm_record *record, rlm_value *ids);

/*
 * `kind`: RLM_REPLACEMENT_SUCCESSOR or RLM_REPLACEMENT_FALLBACK. Its own id replaces nothing, nor does one more than
 * RLM_CAP_REPLACEMENTS.
 */
RLM_NODISCARD rlm_status
rlm_record_state_replacement(rlm_record *record, const char *kind, rlm_value *id);

/* A list of them; it stays in the rest if it has anything else. */
RLM_NODISCARD rlm_status
rlm_record_state_replacements(rlm_record *record, const char *kind, rlm_value *ids);

/* Keep as metadata what nobody took of the row, without the keys in `ignore` (ended by NULL), which are not facts. */
RLM_NODISCARD rlm_status
rlm_record_keep_rest(rlm_record *record, const rlm_value *row, const char *const *ignore);

/* In unite.c: add the members of a JSON object to the metadata, if they do not become too large. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_record_add_metadata(rlm_record *record, rlm_slice json);

/* Take a member with everything in it, so that none of it is part of the rest. */
void
rlm_value_drop(const rlm_value *object, const char *key);

/* Whether a list of strings has that one. */
bool
rlm_value_contains(const rlm_value *list, const char *text);

/* The order of records everywhere: by provider, then by id. Takes pointers to records, for qsort and bsearch. */
int
rlm_record_compare(const void *left, const void *right);

/*
 * Unite the facts of `count` rows of one id in the first record, whatever their order: yes beats no, the larger limit
 * wins, chat beats other types. Of all their equivalents the first RLM_CAP_EQUIVALENTS are kept. RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_record_unite(rlm_record *records, size_t count, rlm_arena *arena);

#endif
