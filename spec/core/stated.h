/* What a source's reader states of controls and of prices under conditions, for the tests that include answer.h. */
#ifndef RLM_STATED_H
#define RLM_STATED_H

#include "answer.h"
#include "bounds.h"

static inline const char *
bound(int of, int kind)
{
    return bound_of(&model, of, kind);
}

static inline const char *
default_effort(void)
{
    return model.default_effort == 0 ? "unknown" : rlm_effort_names[model.default_effort - 1];
}

/* What one pays for it in that tier, for a request of so many tokens at that time; "unknown". */
static inline const char *
price_at(int meter, int tier, int64_t tokens, int64_t at)
{
    static char text[RLM_DECIMAL_TEXT];
    const rlm_price_query query = {
        .meter = (rlm_meter) meter, .tier = (rlm_price_tier) tier, .tokens = tokens, .at = at};
    const rlm_price *found = rlm_prices_find(&model.prices, &query);

    if (found == NULL) return "unknown";
    rlm_decimal_write((rlm_decimal){found->coefficient, found->exponent}, text);
    return text;
}

#define ASSERT_PARAMETER(expected, name) ASSERT_SAID(expected, said(model.parameters, RLM_PARAMETER_##name))
#define ASSERT_EFFORT(expected, name) ASSERT_SAID(expected, said(model.efforts, RLM_EFFORT_##name))
#define ASSERT_TRAIT(expected, name) ASSERT_SAID(expected, said(model.traits, RLM_TRAIT_##name))
#define ASSERT_BOUND(expected, of, kind) ASSERT_SAID(expected, bound(RLM_BOUNDED_##of, RLM_BOUND_##kind))

#endif
