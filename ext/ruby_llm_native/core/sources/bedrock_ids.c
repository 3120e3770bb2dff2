/* A geography, the maker, the name, and a version: "us" "." "anthropic" "." "claude-…" "-v1:0". */
#include "sources/bedrock_ids.h"

#include "model/id.h"

#include <string.h>

static size_t
count_colons(rlm_slice id)
{
    size_t colons = 0;

    for (size_t i = 0; i < id.length; i++) colons += id.bytes[i] == ':';
    return colons;
}

bool
rlm_bedrock_is_sized(rlm_slice id)
{
    return count_colons(id) >= 2;
}

/* A size that only provisioned throughput has, or an ARN, which is somebody's own. */
static bool
is_variant(rlm_slice id)
{
    int version;

    return count_colons(rlm_id_unversioned(id, &version)) > 0;
}

/* ---- Makers and versions ---- */

static rlm_slice
without_namespace(rlm_slice id)
{
    rlm_slice base = rlm_bedrock_without_geography(id);
    const char *dot = base.length > 0 ? memchr(base.bytes, '.', base.length) : NULL; /* "anthropic.claude-2.1" */

    return dot == NULL ? (rlm_slice){NULL, 0} : (rlm_slice){dot + 1, base.length - (size_t) (dot + 1 - base.bytes)};
}

/* ---- Regions ---- */

rlm_slice
rlm_bedrock_without_geography(rlm_slice id)
{
    static const char *const geographies[] = {"global", "us-gov", "us", "eu", "apac", "ap", "sa",
                                              "ca",     "me",     "af", "il", "au",   "jp"};
    const char *dot = id.length > 0 ? memchr(id.bytes, '.', id.length) : NULL;
    rlm_slice label = {id.bytes, dot == NULL ? 0 : (size_t) (dot - id.bytes)};

    if (dot == NULL) return id;
    for (size_t i = 0; i < sizeof geographies / sizeof *geographies; i++) {
        if (rlm_slice_is(label, geographies[i])) return (rlm_slice){dot + 1, id.length - label.length - 1};
    }
    return id;
}

rlm_slice
rlm_bedrock_geography_of(rlm_slice region)
{
    rlm_slice geography = {region.bytes, 0};

    if (region.length == 0) return RLM_SLICE("us");
    if (rlm_slice_starts_with(region, "us-gov")) return RLM_SLICE("us-gov");
    while (geography.length < region.length && region.bytes[geography.length] != '-') geography.length++;
    return rlm_slice_is(geography, "ap") ? RLM_SLICE("apac") : geography;
}

/* The prefix of profiles for the region's country alone, or an empty slice: most have none. */
static rlm_slice
country_of(rlm_slice region)
{
    static const struct {
        const char *region, *country;
    } countries[] = {
        {"ap-northeast-1", "jp"}, {"ap-northeast-3", "jp"}, {"ap-southeast-2", "au"}, {"ap-southeast-4", "au"}};

    for (size_t i = 0; region.length > 0 && i < sizeof countries / sizeof *countries; i++) {
        if (rlm_slice_is(region, countries[i].region)) return rlm_slice_of(countries[i].country);
    }
    return (rlm_slice){NULL, 0};
}

/* "{prefix}.{base}", where there is a prefix and the id is not too long. */
static void
add_id(rlm_region_ids *ids, rlm_slice prefix, rlm_slice base)
{
    char *bytes = ids->bytes[ids->count];
    size_t length = prefix.length + 1 + base.length;

    if (prefix.length == 0 || length > RLM_CAP_ID) return;
    memcpy(bytes, prefix.bytes, prefix.length);
    bytes[prefix.length] = '.';
    if (base.length > 0) memcpy(bytes + prefix.length + 1, base.bytes, base.length);
    ids->ids[ids->count++] = (rlm_slice){bytes, length};
}

static void
in_region(rlm_slice base, rlm_slice region, rlm_region_ids *ids)
{
    ids->count = 0;
    add_id(ids, country_of(region), base);
    add_id(ids, rlm_bedrock_geography_of(region), base);
    add_id(ids, RLM_SLICE("global"), base);
}

const rlm_source_ids rlm_bedrock_ids = {
    .is_variant = is_variant,
    .without_namespace = without_namespace,
    .without_version = rlm_id_unversioned,
    .without_region = rlm_bedrock_without_geography,
    .in_region = in_region,
};
