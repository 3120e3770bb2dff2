/* A state is a function of time: before, between and after the dates that are stated. */
#include "model/life.h"

#include "test.h"

#define DAY(number) ((rlm_timestamp){(number) *86400, RLM_PRECISION_DAY})
#define NOW (100 * 86400)

static const char *
life(rlm_record record, int day)
{
    return rlm_life_names[rlm_life_at(&record, day * 86400, NOW)];
}

#define ASSERT_LIFE(expected, record, day) ASSERT_TEXT(expected, rlm_slice_of(life(record, day)))

TEST
without_dates_it_is_what_is_stated(void)
{
    rlm_record record = {.status = RLM_MODEL_STATUS_PREVIEW};

    ASSERT_LIFE("preview", record, 1);
    ASSERT_LIFE("preview", record, 200);
    record.status = RLM_MODEL_STATUS_UNKNOWN;
    ASSERT_LIFE("", record, 100);
    record.status = RLM_MODEL_STATUS_DEPRECATED;
    ASSERT_LIFE("deprecated", record, 1);
    record.status = RLM_MODEL_STATUS_RETIRED;
    ASSERT_LIFE("retired", record, 1);
    ASSERT(rlm_life_ends(RLM_LIFE_OVERDUE) && rlm_life_ends(RLM_MODEL_STATUS_RETIRED));
    ASSERT(!rlm_life_ends(RLM_MODEL_STATUS_BETA) && !rlm_life_ends(RLM_MODEL_STATUS_UNKNOWN));
    PASS();
}

TEST
dates_divide_a_life(void)
{
    rlm_record record = {.status = RLM_MODEL_STATUS_DEPRECATED,
                         .deprecated_at = DAY(50),
                         .retires_at = DAY(150),
                         .standing = RLM_STANDING_LISTED};

    ASSERT_LIFE("active", record, 49);
    ASSERT_LIFE("deprecated", record, 50);
    ASSERT_LIFE("deprecated", record, 149);
    ASSERT_LIFE("retired", record, 150); /* it is to come: the provider is taken at its word */
    record.status = RLM_MODEL_STATUS_ACTIVE;
    ASSERT_LIFE("active", record, 49);
    ASSERT_LIFE("deprecated", record, 50);
    record.deprecated_at = DAY(120);
    ASSERT_LIFE("active", record, 100);
    ASSERT_LIFE("deprecated", record, 120);
    PASS();
}

TEST
what_is_listed_after_its_end_is_overdue(void)
{
    rlm_record record = {.retires_at = DAY(90), .standing = RLM_STANDING_LISTED};

    ASSERT_LIFE("", record, 89);
    ASSERT_LIFE("overdue", record, 90);
    ASSERT_LIFE("overdue", record, 100);
    ASSERT_LIFE("retired", record, 101);
    record.standing = RLM_STANDING_DOCUMENTED;
    ASSERT_LIFE("retired", record, 100);
    record.standing = RLM_STANDING_UNLISTED;
    ASSERT_LIFE("retired", record, 100);
    PASS();
}

TEST
no_sooner_than_is_no_end(void)
{
    rlm_record record = {.retires_at = DAY(90), .standing = RLM_STANDING_LISTED};

    record.traits.no = RLM_BIT(RLM_TRAIT_FIXED_RETIREMENT);
    ASSERT_LIFE("overdue", record, 100);
    ASSERT_LIFE("deprecated", record, 101);
    record.standing = RLM_STANDING_DOCUMENTED;
    ASSERT_LIFE("deprecated", record, 100);
    record.standing = RLM_STANDING_UNLISTED;
    ASSERT_LIFE("retired", record, 100);
    PASS();
}

TEST
what_is_retired_was_not_always(void)
{
    rlm_record record = {.status = RLM_MODEL_STATUS_RETIRED, .deprecated_at = DAY(20), .retires_at = DAY(60)};

    ASSERT_LIFE("active", record, 19);
    ASSERT_LIFE("deprecated", record, 20);
    ASSERT_LIFE("retired", record, 60);
    ASSERT_LIFE("retired", record, 100);
    record.retires_at = DAY(150); /* whoever says so knows better than the date */
    ASSERT_LIFE("retired", record, 100);
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(without_dates_it_is_what_is_stated);
    RUN(dates_divide_a_life);
    RUN(what_is_listed_after_its_end_is_overdue);
    RUN(no_sooner_than_is_no_end);
    RUN(what_is_retired_was_not_always);
    return REPORT("life");
}
