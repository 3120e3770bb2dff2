/* Every cap on what comes from outside, in one place. Sizes are bytes unless the name says otherwise. */
#ifndef RLM_LIMITS_H
#define RLM_LIMITS_H

#define RLM_LIMIT_RESPONSE (32u << 20)       /* one answer, decompressed; the largest known, models.dev, is 2.4 MB */
#define RLM_LIMIT_TOKEN (1u << 20)           /* between two JSON events: one text, one number */
#define RLM_LIMIT_DEPTH 64                   /* levels of JSON; the deepest known answer has 9, Ruby's own reader stops at 100 */
#define RLM_LIMIT_ROW (4u << 20)             /* memory for one row or one envelope */
#define RLM_LIMIT_VALUES 10000               /* JSON values in one row or one envelope; the largest known row has some 300 */
#define RLM_LIMIT_ROWS 200000                /* models of one source in one refresh */
#define RLM_LIMIT_UNLISTED 10000             /* models of one source that are kept although it does not list them any more */
#define RLM_LIMIT_UNLISTED_LEAST 1000        /* as many are kept also of a source that lists fewer */
#define RLM_LIMIT_UNLISTED_BYTES (8u << 20)  /* memory for them */
#define RLM_LIMIT_PAGES 200                  /* pages of one listing */
#define RLM_LIMIT_SOURCE (256u << 20)        /* memory for one sheet that is imported */
#define RLM_LIMIT_KEPT (16u << 20)           /* memory for what is kept of the rows of one source, */
#define RLM_LIMIT_KEPT_ROW 1024              /* and as much more for each row */
#define RLM_LIMIT_BLOCK (1u << 30)           /* one block; its offsets are 32 bits wide */
#define RLM_LIMIT_ERROR_BODY (64u << 10)     /* what is kept of the body of an error */
#define RLM_LIMIT_ETAG 512                    /* a longer one is not kept */
#define RLM_LIMIT_REDIRECTS 3                /* redirects to the same host that one request follows */
#define RLM_LIMIT_ID 512                     /* a model's id */
#define RLM_LIMIT_PRICES 128                 /* prices of one model */
#define RLM_LIMIT_KIN 1024                   /* ids that one model may name as itself */
#define RLM_LIMIT_SOURCE_KIN 524288          /* ids that all models of one source may name, besides one for each */
#define RLM_LIMIT_SPELLINGS 8                /* of one id, with dots here or there: a hostile listing could have them all */
#define RLM_LIMIT_DECIMAL_DIGITS 18          /* significant digits of a number kept exactly: what an int64_t always holds */
#define RLM_LIMIT_DECIMAL_EXPONENT 400       /* powers of ten either way */
#define RLM_LIMIT_URL 8192
#define RLM_LIMIT_SECRETS (4u << 20)         /* all credentials of a refresh, in all spellings */
#define RLM_LIMIT_RETRIES 10
#define RLM_LIMIT_SOURCES 64                 /* sources in one refresh */
#define RLM_LIMIT_EXCHANGE_DEPTH 72          /* levels of a document of exchange.h, where metadata stand deeper than in an answer */
#define RLM_LIMIT_EXCHANGE_ROWS 25600000     /* models in it: those of all sources, and a catalog of them */

#endif
