/*
 * The registry file inside an installed ruby_llm gem: read from disk, never asked for, and as old as that gem. Rows are read as the published
 * catalogue's, which has the same makers; whatever any other source states of a model comes first.
 */
#include "../source.h"

const rlm_source rlm_source_bundle = {
    .slug = "bundle",
    .name = "ruby_llm's bundled registry",
    .flags = RLM_SOURCE_CATALOGUE,
    .listings = {{.rows = "[]", .read_row = rlm_published_read_row}},
};
