/*
 * The registry file inside an installed ruby_llm gem: what there is before anybody was asked. Read from disk, never
 * asked for, and as old as that gem.
 *
 * Odd about it: programs that use ruby_llm rely on what it says of a model's name, family, dates, modalities and
 * capabilities, so all of that is taken, whoever stated it; whatever any other source states comes first. Prices and
 * limits are taken where they show who stated them, as from the published catalogue, which has the same makers: a
 * wrong price is worse than none.
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
    .flags = RLM_SOURCE_METADATA | RLM_SOURCE_STAND_IN,
    .listings = {{.rows = "[]", .read_row = read_row}},
};
