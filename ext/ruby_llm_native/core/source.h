/*
 * What a source must supply. One constant of this struct a source, in sources/<slug>.c; all of them in rlm_sources.
 */
#ifndef RLM_SOURCE_H
#define RLM_SOURCE_H

#include "record.h"

enum {
    RLM_SETTING_REQUIRED = 1, /* the source is not configured without it */
    RLM_SETTING_SECRET = 2,   /* never shown, zeroed after use */
    RLM_SETTING_BASE_URL = 4  /* replaces base_url */
};

enum {
    RLM_SOURCE_LOCAL = 1,        /* on the user's own machines: left out by remote_only, connects fast or not at all, not retried */
    RLM_SOURCE_CATALOGUE = 2,    /* states facts about many providers' models, lists none */
    RLM_SOURCE_STAND_IN = 4,     /* speaks only for providers for which no other source does */
    RLM_SOURCE_ROWS_OPTIONAL = 8 /* leaves the list out of an answer that has no rows */
};

typedef struct {
    const char *name; /* as users spell it: "openai_api_key" */
    unsigned flags;
} rlm_setting;

#define RLM_SOURCE_SETTINGS 6
#define RLM_SOURCE_IGNORED 8
#define RLM_SOURCE_TYPES 16

/* One GET being formed. Everything in it is the request's until rlm_request_free, which zeroes it. */
typedef struct {
    rlm_buffer url;
    rlm_buffer headers; /* "Name: value" lines, each ended by a NUL */
    const char *slug;   /* of the source that is asked; set by rlm_request_begin */
    const char *(*setting)(void *context, const char *name); /* a setting's value, or NULL */
    void *context;
} rlm_request;

typedef struct {
    const char *slug; /* "openai": the provider's name in every record, for catalogues the source's own */
    const char *name; /* for people: "OpenAI" */
    const char *base_url; /* NULL: the setting must give it */
    rlm_setting settings[RLM_SOURCE_SETTINGS];
    unsigned flags;
    const char *path;  /* below the base URL, with its fixed query; NULL: the base URL is the whole URL */
    const char *rows;  /* see json.h; NULL: never asked for over the network */
    const char *page;  /* the query parameter that asks for the next page */
    const char *ignore[RLM_SOURCE_IGNORED]; /* keys of a row that are no facts */

    /* What an id tells of the type where nobody states it: the first text that the id contains. */
    struct {
        const char *text;
        rlm_type type;
    } types[RLM_SOURCE_TYPES];

    /* Add the headers that identify the user and what else the API asks for. */
    rlm_status (*authorize)(rlm_request *request, rlm_error *error);

    /* The token of the page that follows, from the envelope of this one; empty at the end. NULL: there is one page. */
    rlm_slice (*next_page)(const rlm_value *envelope);

    /* Catalogues: our slug of the provider that the catalogue calls `group`, or NULL when we do not know it. */
    const char *(*provider)(rlm_slice group);

    /* One row. RLM_BAD_ROW costs this row only; anything else but RLM_OK the whole answer. */
    rlm_status (*read_row)(const rlm_value *row, rlm_record *model, rlm_error *error);
} rlm_source;

/* Each in its own file. */
extern const rlm_source rlm_source_openai, rlm_source_anthropic, rlm_source_gemini, rlm_source_mistral, rlm_source_deepseek,
    rlm_source_openrouter, rlm_source_xai, rlm_source_ollama, rlm_source_models_dev, rlm_source_file;

/* All sources, ended by NULL. Blocks store the positions as origins: append only. */
extern const rlm_source *const rlm_sources[];

/* The source of that slug, or NULL. */
const rlm_source *
rlm_source_find(rlm_slice slug);

/* Its position in rlm_sources. */
int
rlm_source_position(const rlm_source *source);

/* The type that an id of this provider tells by itself, or RLM_TYPE_UNSAID. */
rlm_type
rlm_source_type_of_id(const rlm_source *source, rlm_slice id);

/*
 * Begin the request for the page of that token (empty: the first one) of the source under `base_url` (NULL: its own), authorized. On failure
 * too the caller owns `*request`. RLM_BAD_SETTING, RLM_TOO_LARGE, RLM_OUT_OF_MEMORY.
 */
rlm_status
rlm_request_begin(rlm_request *request, const rlm_source *source, const char *base_url, rlm_slice page, rlm_error *error);

/* Add a header, unless `value` is NULL. `scheme` ("Bearer") may be NULL. RLM_BAD_SETTING when the value has a control character. */
rlm_status
rlm_request_header(rlm_request *request, const char *name, const char *scheme, const char *value, rlm_error *error);

/* Add a header with the value of a setting, if it is set. */
rlm_status
rlm_request_setting(rlm_request *request, const char *header, const char *scheme, const char *setting, rlm_error *error);

/* For rlm_source.authorize: "Authorization: Bearer" with the setting <slug>_api_key, if it is set. */
rlm_status
rlm_source_bearer(rlm_request *request, rlm_error *error);

void
rlm_request_free(rlm_request *request);

/*
 * What an error's body says, from the envelopes in use: `error` as a text, `error.message`, `message`, `detail` as a text or as a list of
 * {loc, msg}, `Message`. A list: of its first element. Empty when it says nothing.
 */
rlm_slice
rlm_source_error_message(const rlm_value *body);

#endif
