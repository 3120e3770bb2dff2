/*
 * What a source must supply. Each is a constant, rlm_source_<slug>, in sources/<slug>.c, and a line of RLM_SOURCES.
 *
 * A source has one listing or several. All of them are asked at once, each with its own pages. Their rows together are
 * its answer, and it answers whole or not at all: what one listing could not tell never looks like a model that is
 * gone.
 */
#ifndef RLM_SOURCE_H
#define RLM_SOURCE_H

#include "base/caps.h"
#include "model/record.h"
#include "sources/request.h"

enum {
    RLM_SETTING_REQUIRED = 1,  /* the source is not configured without it */
    RLM_SETTING_SECRET = 2,    /* never shown, zeroed after use */
    RLM_SETTING_BASE_URL = 4,  /* replaces base_url */
    RLM_SETTING_EITHER = 8,    /* the source is not configured without one of those that have this flag */
    RLM_SETTING_SUPPLIED = 16, /* what rlm_source.supplier can fetch need not be set */
    RLM_SETTING_INSTEAD = 32   /* with it, those need not be set either */
};

/* Which of several sources has precedence for a model: the one with the lowest rank. merge.c and precedence.c. */
typedef enum {
    RLM_RANK_PROVIDER,
    RLM_RANK_METADATA,  /* this and those below: states facts about many providers' models, lists none */
    RLM_RANK_PRICES,    /* a price list: speaks only of models that others state */
    RLM_RANK_PUBLISHED, /* repeats what others state */
    RLM_RANK_STAND_IN,  /* steps aside for what it stands for */
    RLM_RANK_BUILTIN,   /* of a record, not of a source: compiled in, as old as this gem */
    RLM_RANK_BUNDLE     /* as old as an installed ruby_llm; steps aside for any metadata source */
} rlm_rank;

enum {
    /* On the user's own machines: left out by remote_only, connects fast or not at all, not retried. */
    RLM_SOURCE_LOCAL = 1,
    /* States the same whoever asks: the registries of contexts share its sheet. */
    RLM_SOURCE_SHARED = 2,
    /* Makes the models that it serves: as it spells an id, others' ids of the model are found. */
    RLM_SOURCE_MAKER = 4,
    /* Its hosts depend on a setting; base_url only serves to choose a proxy. */
    RLM_SOURCE_REGIONAL_HOST = 8,
    /* Ids with a namespace are other makers' models, called through another API than its own. */
    RLM_SOURCE_PARTNERS = 16,
    /* Serves whatever its owner puts behind it: ids tell of types what they tell where no source is known. */
    RLM_SOURCE_ANYONES = 32
};

enum {
    RLM_LISTING_OPTIONAL = 1, /* its failure is remarked on, and fails nothing; models that are then missing stay as
                                 they were, unless the server has no such listing (404, 405, 410) */
    RLM_LISTING_ROWS_OPTIONAL =
        2, /* leaves the list out of an answer that has no rows; some other listing of the source must have one */
    RLM_LISTING_MISSING_OK = 4,    /* 404, 405 and 410 tell an older server that has no such listing: it has no rows */
    RLM_LISTING_NULL_IS_EMPTY = 8, /* null in the place of the list tells that there are no rows */
    RLM_LISTING_CURSOR =
        16, /* `has_more` tells that a page follows, asked for with `last_id`, or else the id of the last row */
    RLM_LISTING_COMPATIBLE = 32 /* OpenAI's: {"data": [...]}, with some servers the list itself, or {"models": [...]} */
};

typedef struct {
    const char *name; /* as users spell it: "openai_api_key" */
    unsigned flags;
} rlm_setting;

#define RLM_SOURCE_SETTINGS 8
#define RLM_SOURCE_IGNORED 10
#define RLM_SOURCE_TYPES 16
#define RLM_SOURCE_LISTINGS 10
#define RLM_SOURCE_SUFFIXES 8

typedef struct rlm_rows rlm_rows; /* rows.h */

/*
 * What OpenAI calls the models that do not chat, for rlm_source.types of every provider that serves them. "gpt-image"
 * is also in "chatgpt-image-latest".
 */
#define RLM_SOURCE_OPENAI_TYPES                                                                                        \
    {"transcribe", RLM_TYPE_TRANSCRIPTION}, {"whisper", RLM_TYPE_TRANSCRIPTION}, {"realtime", RLM_TYPE_REALTIME},      \
        {"davinci-002", RLM_TYPE_COMPLETION}, {"babbage-002", RLM_TYPE_COMPLETION},                                    \
        {"turbo-instruct", RLM_TYPE_COMPLETION}, {"tts", RLM_TYPE_AUDIO}, {"dall-e", RLM_TYPE_IMAGE},                  \
        {"gpt-image", RLM_TYPE_IMAGE},                                                                                 \
    {                                                                                                                  \
        "sora", RLM_TYPE_VIDEO                                                                                         \
    }

struct rlm_listing {
    const char *path; /* below the base URL, with its fixed query; NULL: the base URL is the whole URL */
    const char *rows; /* see json.h; NULL ends the list of them */
    const char *page; /* the query parameter that asks for the next page */
    unsigned flags;

    /*
     * Whether rows of that group are wanted, for a "*.…" path; for a "[].…" path, whether that member of each group is.
     * The others are skipped without being built. NULL: all are wanted.
     */
    bool (*wants)(rlm_slice key);

    /* One row. RLM_BAD_ROW costs this row only; any other status but RLM_OK costs the whole answer. */
    rlm_status (*read_row)(const rlm_value *row, rlm_record *model, rlm_error *error);

    /*
     * What the envelope states of the rows, which have all been read. May change them, and append some. NULL: nothing.
     * Any status but RLM_OK costs the whole answer.
     */
    rlm_status (*read_envelope)(const rlm_value *envelope, rlm_rows *rows, rlm_error *error);

    /*
     * The token of the page that follows, from the envelope of this one; empty at the end. NULL: there is one page.
     */
    rlm_slice (*next_page)(const rlm_value *envelope);
};

/* The listing that servers of OpenAI's format have, for rlm_source.listings: its path, its reader, more flags. */
#define RLM_OPENAI_LISTING(listing_path, reader, more)                                                                 \
    {                                                                                                                  \
        .path = listing_path, .rows = "data[]", .page = "after",                                                       \
        .flags = RLM_LISTING_COMPATIBLE | RLM_LISTING_CURSOR | (more), .read_row = reader,                             \
    }

/* The ids under which callers in one region may have a model, the best first. */
#define RLM_REGION_IDS 3
typedef struct {
    rlm_slice ids[RLM_REGION_IDS]; /* in `bytes` */
    size_t count;
    char bytes[RLM_REGION_IDS][RLM_CAP_ID];
} rlm_region_ids;

/*
 * How a provider spells ids, where that is more than a namespace and a name. NULL: its ids do not have this. Returned
 * slices point into the argument. Any thread.
 */
typedef struct {
    /* An offer beside the model itself: found only by its exact id, since nobody may be sent there unasked. */
    bool (*is_variant)(rlm_slice id);

    /* Suffixes that turn a listed id into a variant that is also served, but not listed. */
    const char *suffixes[RLM_SOURCE_SUFFIXES];

    /* The name alone, or an empty slice. NULL: what follows the last slash. */
    rlm_slice (*without_namespace)(rlm_slice id);

    /* The id, or a name of it, without its version, and that version; as rlm_id_unversioned, which it may be. */
    rlm_slice (*without_version)(rlm_slice id, int *version);

    /* The id that is the same for callers everywhere; `id` itself if it names no region. */
    rlm_slice (*without_region)(rlm_slice id);

    /* With without_region: the ids of such an id's model for callers in `region`, which is empty if it is unknown. */
    void (*in_region)(rlm_slice base, rlm_slice region, rlm_region_ids *ids);
} rlm_source_ids;

struct rlm_source {
    const char *slug; /* "openai": the provider's name in every record, for metadata sources their own */
    const char *name; /* for people: "OpenAI" */
    const char *auth,
        *states;          /* for the documentation: how it knows who asks, and what its rows state; NULL: never asked */
    const char *base_url; /* NULL: the setting must give it */
    rlm_setting settings[RLM_SOURCE_SETTINGS];

    /* What fetches the settings that have RLM_SETTING_SUPPLIED, in their order: see credentials.rb. NULL: nothing. */
    const char *supplier;

    unsigned flags;
    rlm_rank rank;
    int preference; /* of a provider: where several have a model, a name means the one with the lowest; makers first */
    rlm_listing listings[RLM_SOURCE_LISTINGS];
    const char *ignore[RLM_SOURCE_IGNORED]; /* keys of a row that are no facts */

    /* What an id tells about the type if nobody states it: the first of these texts that the id contains. */
    struct {
        const char *text;
        rlm_type type;
    } types[RLM_SOURCE_TYPES];

    const rlm_source_ids *ids; /* NULL: nothing is odd about them */

    /*
     * Write the URL with its fixed query, where the base URL and the path are not enough; the token of the page is
     * added after it. `base_url` is the user's, else the source's, else NULL. With rlm_request_append and the like.
     * NULL: "{base_url}/{path}".
     */
    rlm_status (*form_url)(rlm_request *request, const rlm_listing *listing, const char *base_url, rlm_error *error);

    /* Add the headers that identify the user and what else the API asks for, or sign. */
    rlm_status (*authorize)(rlm_request *request, rlm_error *error);

    /*
     * Metadata sources: our slug of the provider that the source calls `group`, or NULL if it is spelled the same
     * (rows.c). NULL: no groups.
     */
    const char *(*provider)(rlm_slice group);

    /*
     * All listings have ended, and there are rows: look at them together, before those of one id are united. May change
     * records, drop some by closing the gap and lowering the count, and add some with rlm_rows_new. A record that no
     * listing states is RLM_STANDING_DOCUMENTED: its facts are compiled in, and any source outvotes them. `settings`
     * gives settings and has no URL. Called once for an answer; any status but RLM_OK fails the source.
     */
    rlm_status (*complete)(rlm_rows *rows, const rlm_request *settings, rlm_error *error);
};

/* The sources, each in the file of its name. Blocks of format 3 have the positions as origins: append only. */
#define RLM_SOURCES(X)                                                                                                 \
    X(openai)                                                                                                          \
    X(anthropic)                                                                                                       \
    X(gemini)                                                                                                          \
    X(mistral)                                                                                                         \
    X(deepseek)                                                                                                        \
    X(openrouter)                                                                                                      \
    X(xai)                                                                                                             \
    X(ollama)                                                                                                          \
    X(models_dev)                                                                                                      \
    X(file)                                                                                                            \
    X(bedrock)                                                                                                         \
    X(vertexai)                                                                                                        \
    X(elevenlabs)                                                                                                      \
    X(deepgram)                                                                                                        \
    X(published)                                                                                                       \
    X(azure)                                                                                                           \
    X(cohere)                                                                                                          \
    X(perplexity)                                                                                                      \
    X(ollama_cloud)                                                                                                    \
    X(gpustack)                                                                                                        \
    X(hetzner)                                                                                                         \
    X(bundle)                                                                                                          \
    X(litellm)                                                                                                         \
    X(llm_cost_tracker)                                                                                                \
    X(genai_prices)                                                                                                    \
    X(litellm_prices)

#define X(slug) extern const rlm_source rlm_source_##slug;
RLM_SOURCES(X)
#undef X

enum {
#define X(slug) RLM_POSITION_##slug,
    RLM_SOURCES(X)
#undef X
        RLM_SOURCE_COUNT
};

/* All of them, ended by NULL. */
extern const rlm_source *const rlm_sources[];

/* The source of that slug, or NULL. */
const rlm_source *
rlm_source_find(rlm_slice slug);

/* Its position in rlm_sources. */
int
rlm_source_position(const rlm_source *source);

/* Whether it states facts about many providers' models and lists none. */
bool
rlm_source_is_metadata(const rlm_source *source);

/* How it spells ids; `source` may be NULL, for an unknown provider. Static. */
const rlm_source_ids *
rlm_source_ids_of(const rlm_source *source);

/*
 * The type that an id of this provider tells by itself, or RLM_TYPE_UNKNOWN. `source` may be NULL, for an unknown
 * provider.
 */
rlm_type
rlm_source_type_of_id(const rlm_source *source, rlm_slice id);

/* How many listings it has. */
size_t
rlm_source_listing_count(const rlm_source *source);

/* For rlm_source.authorize: "Authorization: Bearer" with the setting <slug>_api_key, if it is set. */
RLM_NODISCARD rlm_status
rlm_source_bearer(rlm_request *request, rlm_error *error);

/* In sources/file.c, for what comes in the same format: a whole row of a registry file. Fits rlm_listing.read_row. */
RLM_NODISCARD rlm_status
rlm_file_read_row(const rlm_value *row, rlm_record *model, rlm_error *error);

/*
 * In sources/published.c, for a file in the same format by the same makers: the parts of a row that show who stated
 * them. With `unfounded` also those that do not, except prices and limits. RLM_BAD_ROW, RLM_OUT_OF_MEMORY.
 */
RLM_NODISCARD rlm_status
rlm_published_read(const rlm_value *row, bool unfounded, rlm_record *model, rlm_error *error);

/*
 * In sources/models_dev.c, for sources that repeat its rows: all prices. RLM_OUT_OF_MEMORY, as the others of a status
 * here.
 */
RLM_NODISCARD rlm_status
rlm_models_dev_read_prices(const rlm_value *row, rlm_record *model);

/*
 * And how the model is steered, and whether its weights are open. Only the license is taken: ruby_llm's users look for
 * the rest in the metadata.
 */
RLM_NODISCARD rlm_status
rlm_models_dev_read_controls(const rlm_value *row, rlm_record *model);

/* And the `status` of a row, which is not taken. */
void
rlm_models_dev_read_status(const rlm_value *row, rlm_record *model);

/* In sources/openrouter_prices.c, also for gateways that repeat its rows: its keys of text tokens, RLM_PRICE_END last.
 */
extern const rlm_price_key rlm_openrouter_token_prices[];

/* All prices of a `pricing`. RLM_OUT_OF_MEMORY. */
RLM_NODISCARD rlm_status
rlm_openrouter_read_prices(const rlm_value *pricing, rlm_record *model);

/*
 * In sources/openrouter.c, for whoever repeats its rows: what its `reasoning` says, and the numbers under names of
 * parameters that apply if a request sets none. RLM_OUT_OF_MEMORY.
 */
void
rlm_openrouter_read_reasoning(const rlm_value *reasoning, rlm_record *model);

RLM_NODISCARD rlm_status
rlm_openrouter_read_defaults(const rlm_value *defaults, rlm_record *model);

/*
 * In sources/compatible.c, for rlm_listing.read_row: a row in OpenAI's format, with everything that the servers of this
 * format are known to state; see compatible.h for its parts.
 */
RLM_NODISCARD rlm_status
rlm_compatible_read_row(const rlm_value *row, rlm_record *model, rlm_error *error);

#endif
