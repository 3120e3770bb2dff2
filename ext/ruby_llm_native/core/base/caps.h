/* Every cap on what comes from outside, in one place. Sizes are bytes unless the name says otherwise. */
#ifndef RLM_CAPS_H
#define RLM_CAPS_H

#define RLM_CAP_RESPONSE (32u << 20) /* one answer, decompressed; the largest known, models.dev, is 2.4 MB */
#define RLM_CAP_HELD (8u << 20)      /* of them, what is held unread, in case it is the last answer again */
#define RLM_CAP_TOKEN (1u << 20)     /* between two JSON events: one text, one number */
#define RLM_CAP_DEPTH 64            /* levels of JSON; the deepest known answer has 9, Ruby's own reader stops at 100 */
#define RLM_CAP_ROW (4u << 20)      /* memory for one row or one envelope */
#define RLM_CAP_VALUES 10000        /* JSON values in one row or one envelope; the largest known row has some 300 */
#define RLM_CAP_ROWS 200000         /* models of one source in one refresh */
#define RLM_CAP_UNLISTED 10000      /* models of one source that are kept although it no longer lists them */
#define RLM_CAP_UNLISTED_LEAST 1000 /* as many are also kept of a source that lists fewer */
#define RLM_CAP_UNLISTED_BYTES (8u << 20) /* memory for them */
#define RLM_CAP_PAGES 200                 /* pages of one listing */
#define RLM_CAP_SOURCE (256u << 20)       /* memory for one sheet that is imported */
#define RLM_CAP_KEPT (16u << 20)          /* memory for what is kept of the rows of one source, */
#define RLM_CAP_KEPT_ROW 1024             /* and as much more for each row */
#define RLM_CAP_REFRESH (512u << 20)      /* what all sources of a refresh hold of their answers at one time */
#define RLM_CAP_BLOCK (1u << 30)          /* one block; its offsets are 32 bits wide */
#define RLM_CAP_FILE (1u << 30)           /* a file that is read, and a stored registry anywhere else */
#define RLM_CAP_ERROR_BODY (64u << 10)    /* what is kept of the body of an error */
#define RLM_CAP_ETAG 512                  /* a longer one is not kept */
#define RLM_CAP_REDIRECTS 3               /* redirects to the same host that one request follows */
#define RLM_CAP_ID 512                    /* a model's id */
#define RLM_CAP_PRICES 512                /* prices of one model; the most that is known are 120 */
#define RLM_CAP_MERGED_PRICES 8192        /* prices that sources together state of one model */
#define RLM_CAP_REPLACEMENTS 16           /* ids that a source may name in place of one */
#define RLM_CAP_PRICE_CASES 32            /* sets of prices of one model, of which one holds at a time; 2 are known */
#define RLM_CAP_PATTERN 4096              /* what one pattern of ids takes; the longest known one takes 350 */
#define RLM_CAP_PATTERN_WORK 16384        /* steps to compare one id with all patterns of one source; 4,300 are known */
#define RLM_CAP_FALLBACKS 256    /* times that a price list sends readers to another provider's prices; 3 are known */
#define RLM_CAP_REGEX 128        /* one regular expression */
#define RLM_CAP_REGEX_STEPS 64   /* how often it looks for a character; the most that is known are 25 */
#define RLM_CAP_EQUIVALENTS 1024 /* ids that one model may name as itself */
#define RLM_CAP_SOURCE_EQUIVALENTS 524288 /* ids that all models of one source may name, besides one for each */
#define RLM_CAP_SPELLINGS 8          /* of one id, with dots here or there: a hostile listing could have all of them */
#define RLM_CAP_DECIMAL_DIGITS 18    /* significant digits of a number kept exactly: what an int64_t always holds */
#define RLM_CAP_DECIMAL_EXPONENT 400 /* powers of ten either way */
#define RLM_CAP_URL 8192
#define RLM_CAP_SECRETS (4u << 20) /* all credentials of a refresh, in all spellings */
#define RLM_CAP_RETRIES 10
#define RLM_CAP_SOURCES 1024    /* sources in one refresh, or in one export */
#define RLM_CAP_NAME 64         /* the name of an endpoint, the slug of a provider */
#define RLM_CAP_EXPORT_DEPTH 72 /* levels of a document of export.h, where metadata stand deeper than in an answer */
#define RLM_CAP_EXPORT_ROWS 25600000 /* models in it: those of all sources, and a catalog of them */

#endif
