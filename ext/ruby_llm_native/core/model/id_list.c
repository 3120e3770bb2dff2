/* Lists of ids, or of other lines, as one text. */
#include "model/id_list.h"

#include <stdlib.h>
#include <string.h>

bool
rlm_id_list_has(rlm_slice list, rlm_slice id)
{
    rlm_slice each;

    while (rlm_id_list_next(&list, &each)) {
        if (rlm_slice_equal(each, id)) return true;
    }
    return false;
}

bool
rlm_id_list_next(rlm_slice *rest, rlm_slice *id)
{
    const char *end;

    if (rest->length == 0) return false;
    end = memchr(rest->bytes, '\n', rest->length);
    if (end == NULL) return false;
    *id = (rlm_slice){rest->bytes, (size_t) (end - rest->bytes)};
    rest->length -= id->length + 1;
    rest->bytes = end + 1;
    return true;
}

static void
append(rlm_slice *list, char *bytes, rlm_slice id)
{
    if (id.length > 0) memcpy(bytes + list->length, id.bytes, id.length);
    bytes[list->length + id.length] = '\n';
    list->length += id.length + 1;
}

static int
by_text(const void *left, const void *right)
{
    return rlm_slice_compare(*(const rlm_slice *) left, *(const rlm_slice *) right);
}

rlm_status
rlm_id_list(rlm_arena *arena, rlm_slice *ids, size_t count, size_t most, rlm_slice *out)
{
    size_t total = 0, kept = 0;
    char *bytes;

    if (count > 1) qsort(ids, count, sizeof *ids, by_text);
    for (size_t i = 0; i < count && kept < most; i++) {
        if (kept > 0 && rlm_slice_equal(ids[kept - 1], ids[i])) continue;
        ids[kept++] = ids[i];
        total += ids[i].length + 1;
    }
    bytes = rlm_arena_allocate(arena, total, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    *out = (rlm_slice){bytes, 0};
    for (size_t i = 0; i < kept; i++) append(out, bytes, ids[i]);
    return RLM_OK;
}

rlm_status
rlm_id_list_unite(rlm_arena *arena, rlm_slice left, rlm_slice right, rlm_slice *out)
{
    char *bytes = rlm_arena_allocate(arena, left.length + right.length, 1);
    rlm_slice one, other, united = {bytes, 0};
    bool has_one = rlm_id_list_next(&left, &one), has_other = rlm_id_list_next(&right, &other);

    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    while (has_one || has_other) {
        int order = !has_other ? -1 : !has_one ? 1 : rlm_slice_compare(one, other);

        append(&united, bytes, order <= 0 ? one : other);
        if (order <= 0) has_one = rlm_id_list_next(&left, &one);
        if (order >= 0) has_other = rlm_id_list_next(&right, &other);
    }
    *out = united;
    return RLM_OK;
}

rlm_status
rlm_id_list_add(rlm_arena *arena, rlm_slice sorted, rlm_slice id, rlm_slice *out)
{
    rlm_slice rest = sorted, each;
    size_t before = 0;
    char *bytes;

    *out = sorted;
    while (rlm_id_list_next(&rest, &each)) {
        int order = rlm_slice_compare(each, id);

        if (order == 0) return RLM_OK;
        if (order > 0) break;
        before = sorted.length - rest.length;
    }
    bytes = rlm_arena_allocate(arena, sorted.length + id.length + 1, 1);
    if (bytes == NULL) return RLM_OUT_OF_MEMORY;
    if (before > 0) memcpy(bytes, sorted.bytes, before);
    memcpy(bytes + before, id.bytes, id.length);
    bytes[before + id.length] = '\n';
    if (sorted.length > before) memcpy(bytes + before + id.length + 1, sorted.bytes + before, sorted.length - before);
    *out = (rlm_slice){bytes, sorted.length + id.length + 1};
    return RLM_OK;
}
