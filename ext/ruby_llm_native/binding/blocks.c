/* Functions on blocks that Ruby knows only as bytes, sheets above all, and on the sources that sheets are of. */
#include "binding.h"

#include "block/diff.h"
#include "block/upgrade.h"

typedef struct {
    rlm_slice name, slug, json;
    int64_t now;
    rlm_buffer *out;
    rlm_row_tallies tallies;
    rlm_status status;
    rlm_error error;
} reading;

static void *
read_work(void *argument)
{
    reading *read = argument;

    read->status =
        rlm_sheet_read_as(read->name, read->slug, read->json, read->now, read->out, &read->tallies, &read->error);
    return NULL;
}

/* The sheet's bytes; `read` has the name, the slug and the time. */
static VALUE
read_document(VALUE guard, native_scratch *scratch, VALUE json, reading *read)
{
    VALUE bytes;

    Check_Type(json, T_STRING);
    json = rb_str_new_frozen(json); /* as large as a registry: not copied, and nobody changes these bytes */
    read->json = native_slice(json);
    read->out = &scratch->buffer;
    rlm_error_clear(&read->error);
    native_without_gvl_always(read_work, read);
    native_check(read->status, &read->error);
    bytes = native_bytes(scratch->buffer.bytes, scratch->buffer.length);
    native_scratch_free(scratch);
    RB_GC_GUARD(json);
    RB_GC_GUARD(guard);
    return bytes;
}

/*
 * @api private
 * @param slug [String] of the source
 * @param json [String] read as one whole answer of that source
 * @param now [Integer] seconds since 1970: when it was answered
 * @return [Array(String, Integer)] the sheet's bytes, and the number of rows that were rejected
 * @raise [SourceError] when it cannot be read; `byte` tells where
 */
static VALUE
native_s_read_sheet(VALUE module, VALUE slug, VALUE json, VALUE now)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), bytes;
    reading read = {.now = NUM2LL(now), .status = RLM_OK};

    (void) module;
    read.name = read.slug = native_scratch_copy(scratch, slug);
    bytes = read_document(guard, scratch, json, &read);
    return rb_assoc_new(bytes, SIZET2NUM(read.tallies.rejected.count + read.tallies.left_out.count));
}

/*
 * @api private
 * @param name [String] of the sheet, and of the origin of its facts
 * @param json [String] a price file
 * @param now [Integer] seconds since 1970: when it was written
 * @return [Array(String, Hash)] the sheet's bytes, and what was not read of it, by the names of {Outcome}
 * @raise [SourceError] when it cannot be read; `byte` tells where
 */
static VALUE
native_s_read_price_file(VALUE module, VALUE name, VALUE json, VALUE now)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), bytes, hash = rb_hash_new();
    reading read = {.now = NUM2LL(now), .status = RLM_OK};

    (void) module;
    read.slug = rlm_slice_of(rlm_source_llm_cost_tracker.slug);
    read.name = native_scratch_copy(scratch, name);
    bytes = read_document(guard, scratch, json, &read);
    native_set_tallies(hash, &read.tallies);
    return rb_assoc_new(bytes, hash);
}

/*
 * Peek at the block and leave its hash and its stamp's texts in the scratch. Bytes that stand where a block may stand
 * are not copied: a head is cheap to look at.
 */
static rlm_status
peek(native_scratch *scratch, VALUE bytes, rlm_block *block, rlm_error *error)
{
    rlm_slice text = native_slice(bytes), hash;
    rlm_slice *texts[] = {&block->stamp.source, &block->stamp.api,  &block->stamp.provider,
                          &block->stamp.url,    &block->stamp.etag, &hash};

    if ((uintptr_t) text.bytes % sizeof(uint64_t) != 0) text = native_scratch_copy(scratch, bytes);
    RLM_TRY(rlm_block_peek(text.bytes, text.length, block, error));
    hash = (rlm_slice){(const char *) block->hash, RLM_HASH_SIZE};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (rlm_text_copy(&scratch->arena, *texts[i], texts[i]) != RLM_OK)
            return rlm_error_set(error, RLM_OUT_OF_MEMORY, NULL);
    }
    block->hash = (const uint8_t *) hash.bytes;
    return RLM_OK;
}

/*
 * @api private
 * @param bytes [String] that begin with a block; the rest is not read
 * @return [Hash] `{kind: :catalog or :sheet, size:, count:, source:, api:, provider:, url:, etag:, fetched_at:,
 * content_hash:}`: bytes, models, and of a sheet its stamp
 * @raise [CatalogError] when no block begins here
 */
static VALUE
native_s_block_head(VALUE module, VALUE bytes)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), head = rb_hash_new();
    rlm_block block;
    rlm_error error;

    Check_Type(bytes, T_STRING);
    rlm_error_clear(&error);
    native_check(peek(scratch, bytes, &block, &error), &error);
    NATIVE_SET(head, "kind", block.kind == RLM_BLOCK_CATALOG ? NATIVE_SYMBOL("catalog") : NATIVE_SYMBOL("sheet"));
    NATIVE_SET(head, "size", SIZET2NUM(block.size));
    NATIVE_SET(head, "count", SIZET2NUM(block.count));
    NATIVE_SET(head, "source", native_text(block.stamp.source));
    NATIVE_SET(head, "api", native_text(block.stamp.api));
    NATIVE_SET(head, "provider", native_text(block.stamp.provider));
    NATIVE_SET(head, "url", native_text(block.stamp.url));
    NATIVE_SET(head, "etag", native_text(block.stamp.etag));
    NATIVE_SET(head, "fetched_at", LL2NUM(block.stamp.fetched_at));
    NATIVE_SET(head, "content_hash", native_hex(block.hash));
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(bytes);
    return head;
}

/*
 * @api private
 * @param bytes [String]
 * @return [Boolean] whether a block begins here
 */
static VALUE
native_s_block_p(VALUE module, VALUE bytes)
{
    Check_Type(bytes, T_STRING);
    return rlm_block_begins(RSTRING_PTR(bytes), (size_t) RSTRING_LEN(bytes)) ? Qtrue : Qfalse;
}

/*
 * @api private
 * @param sheet [String]
 * @param other [String]
 * @return [Boolean] whether both are sheets that state the same, whenever they were fetched
 * @raise [CatalogError] when one of them is damaged
 */
static VALUE
native_s_same_facts_p(VALUE module, VALUE sheet, VALUE other)
{
    const VALUE strings[] = {sheet, other};
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch);
    rlm_block blocks[2];
    rlm_error error;
    bool same;

    rlm_error_clear(&error);
    for (int i = 0; i < 2; i++) {
        rlm_slice bytes = native_scratch_copy(scratch, strings[i]);

        native_check(rlm_block_open(bytes.bytes, bytes.length, &blocks[i], &error), &error);
    }
    same = blocks[0].kind == RLM_BLOCK_SHEET && blocks[1].kind == RLM_BLOCK_SHEET &&
           rlm_diff_is_none(&blocks[0], &blocks[1]);
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    return same ? Qtrue : Qfalse;
}

typedef struct {
    rlm_slice bytes;
    rlm_buffer *out;
    rlm_status status;
    rlm_error error;
} upgrading;

static void *
upgrade_work(void *argument)
{
    upgrading *upgrade = argument;

    upgrade->status = rlm_upgrade(upgrade->bytes, upgrade->out, &upgrade->error);
    return NULL;
}

/*
 * @api private
 * @param bytes [String] blocks, one after the other, and what follows them
 * @return [String] the same in the current format; `bytes` if they begin with no block of the one before
 * @raise [CatalogError] when one of these is damaged
 */
static VALUE
native_s_upgrade(VALUE module, VALUE bytes)
{
    native_scratch *scratch;
    VALUE guard, upgraded;
    upgrading upgrade = {.status = RLM_OK};

    Check_Type(bytes, T_STRING);
    if (!rlm_upgrade_needed(native_slice(bytes))) return bytes;
    guard = native_scratch_new(&scratch);
    bytes = rb_str_new_frozen(bytes);
    upgrade.bytes = native_slice(bytes);
    upgrade.out = &scratch->buffer;
    rlm_error_clear(&upgrade.error);
    native_without_gvl_always(upgrade_work, &upgrade);
    native_check(upgrade.status, &upgrade.error);
    upgraded = native_bytes(scratch->buffer.bytes, scratch->buffer.length);
    native_scratch_free(scratch);
    RB_GC_GUARD(bytes);
    RB_GC_GUARD(guard);
    return upgraded;
}

/*
 * @api private
 * @param head [String] the first `BLOCK_HEAD` bytes of a block
 * @param available [Integer] bytes that there are
 * @return [Integer] bytes of the block
 * @raise [CatalogError] when no block begins here, or when it claims more bytes than there are
 */
static VALUE
native_s_block_size(VALUE module, VALUE head, VALUE available)
{
    size_t most = NUM2SIZET(available), size;
    rlm_error error;

    Check_Type(head, T_STRING);
    rlm_error_clear(&error);
    native_check(rlm_block_claim(RSTRING_PTR(head), (size_t) RSTRING_LEN(head), most, &size, &error), &error);
    RB_GC_GUARD(head);
    return SIZET2NUM(size);
}

static bool
is_replaced(VALUE slug, VALUE slugs)
{
    const rlm_source *source = rlm_source_find(native_slice(slug));

    for (long i = 0; source != NULL && i < RARRAY_LEN(slugs); i++) {
        const rlm_source *other = rlm_source_find(native_slice(RARRAY_AREF(slugs, i)));

        if (other != NULL && rlm_merge_replaces(other, source)) return true;
    }
    return false;
}

/*
 * @api private
 * @param slugs [Array<String>]
 * @return [Array<String>] those that another one replaces: the merge ignores their sheets
 */
static VALUE
native_s_replaced_sources(VALUE module, VALUE slugs)
{
    VALUE replaced = rb_ary_new();

    Check_Type(slugs, T_ARRAY);
    for (long i = 0; i < RARRAY_LEN(slugs); i++) Check_Type(RARRAY_AREF(slugs, i), T_STRING);
    for (long i = 0; i < RARRAY_LEN(slugs); i++) {
        if (is_replaced(RARRAY_AREF(slugs, i), slugs)) rb_ary_push(replaced, RARRAY_AREF(slugs, i));
    }
    return replaced;
}

/*
 * @api private
 * @param slug [String] of a provider
 * @param id [String]
 * @return [Boolean] whether callers in other regions have another id for that model
 */
static VALUE
native_s_is_regional_id(VALUE module, VALUE slug, VALUE id)
{
    const rlm_source_ids *ids = rlm_source_ids_of(rlm_source_find(native_slice(slug)));
    rlm_slice text = native_slice(id);

    return ids->without_region != NULL && ids->without_region(text).length < text.length ? Qtrue : Qfalse;
}

void
native_init_blocks(VALUE native)
{
    rb_define_module_function(native, "read_sheet", native_s_read_sheet, 3);
    rb_define_module_function(native, "read_price_file", native_s_read_price_file, 3);
    rb_define_module_function(native, "replaced_sources", native_s_replaced_sources, 1);
    rb_define_module_function(native, "regional_id?", native_s_is_regional_id, 2);
    rb_define_module_function(native, "block_head", native_s_block_head, 1);
    rb_define_module_function(native, "block?", native_s_block_p, 1);
    rb_define_module_function(native, "same_facts?", native_s_same_facts_p, 2);
    rb_define_module_function(native, "upgrade", native_s_upgrade, 1);
    rb_define_module_function(native, "block_size", native_s_block_size, 2);
    rb_define_const(native, "BLOCK_HEAD", SIZET2NUM(rlm_block_head_size));
}
