/*
 * The registry file inside an installed ruby_llm gem: what is known before anything was fetched. Read from disk, never
 * fetched, and as old as that gem.
 *
 * Odd about it: programs that use ruby_llm rely on the name, family, dates, modalities and capabilities in it, so all
 * of these are taken, whoever stated them; whatever any other source states comes first. Prices and limits are taken
 * only if they show who stated them, as in the published catalogue, which has the same makers: a wrong price is worse
 * than none.
 */
#include "sources/source.h"

static rlm_status
read_row(const rlm_value *row, rlm_record *model, rlm_error *error)
{
    return rlm_published_read(row, true, model, error);
}

const rlm_source rlm_source_bundle = {
    .slug = "bundle",
    .name = "ruby_llm's bundled registry",
    .rank = RLM_RANK_BUNDLE,
    .flags = RLM_SOURCE_SHARED,
    .listings = {{.rows = "[]", .read_row = read_row}},
};
