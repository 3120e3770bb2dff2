/*
 * Catalog: one block of bytes behind a frozen, shareable Ruby object that holds no other. Also the functions on blocks
 * that Ruby knows only as bytes. Read native_catalog_new to native_catalog_finish first: every catalog is born that
 * way.
 */
#include "binding.h"

static VALUE catalog_class;

static void
catalog_dfree(void *data)
{
    native_catalog *catalog = data;

    if (catalog->block.bytes != NULL) rb_gc_adjust_memory_usage(-(ssize_t) catalog->buffer.capacity);
    rlm_buffer_free(&catalog->buffer);
    xfree(catalog);
}

static size_t
catalog_dsize(const void *data)
{
    const native_catalog *catalog = data;

    return sizeof *catalog + catalog->buffer.capacity;
}

static const rb_data_type_t catalog_type = {
    .wrap_struct_name = "RubyLLM::Native::Catalog",
    .function = {.dfree = catalog_dfree, .dsize = catalog_dsize},
    .flags = NATIVE_TYPED_FREE | RUBY_TYPED_WB_PROTECTED | RUBY_TYPED_FROZEN_SHAREABLE,
};

VALUE
native_catalog_new(native_catalog **catalog)
{
    VALUE self = TypedData_Make_Struct(catalog_class, native_catalog, &catalog_type, *catalog);

    rlm_buffer_init(&(*catalog)->buffer, RLM_CAP_BLOCK);
    return self;
}

rlm_status
native_catalog_open(native_catalog *catalog, rlm_error *error)
{
    rlm_block block;

    RLM_TRY(rlm_block_open(catalog->buffer.bytes, catalog->buffer.length, &block, error));
    if (block.kind != RLM_BLOCK_CATALOG) return rlm_error_set(error, RLM_BAD_BLOCK, "must be a catalog, got a sheet");
    catalog->block = block;
    return RLM_OK;
}

VALUE
native_catalog_finish(VALUE self, native_catalog *catalog)
{
    rb_gc_adjust_memory_usage((ssize_t) catalog->buffer.capacity);
    return rb_obj_freeze(self);
}

const rlm_block *
native_catalog_block(VALUE self)
{
    const native_catalog *catalog = rb_check_typeddata(self, &catalog_type);

    if (catalog->block.bytes == NULL) rb_raise(native_error_class, "the catalog was never finished");
    return &catalog->block;
}

/* ---- Ways to make one ---- */

static VALUE
catalog_s_load(VALUE class, VALUE bytes)
{
    native_catalog *catalog;
    VALUE self = native_catalog_new(&catalog);
    rlm_error error;
    rlm_status status;

    Check_Type(bytes, T_STRING);
    rlm_error_clear(&error);
    status = rlm_buffer_append(&catalog->buffer, RSTRING_PTR(bytes), (size_t) RSTRING_LEN(bytes));
    if (status == RLM_OK) status = native_catalog_open(catalog, &error);
    native_check(status, &error);
    RB_GC_GUARD(bytes);
    return native_catalog_finish(self, catalog);
}

typedef struct {
    const rlm_slice *texts;
    rlm_block *sheets;
    size_t count;
    native_catalog *catalog;
    rlm_status status;
    rlm_error error;
} merging;

static rlm_status
merge_sheets(merging *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        RLM_TRY(rlm_block_open(merge->texts[i].bytes, merge->texts[i].length, &merge->sheets[i], &merge->error));
        if (merge->sheets[i].kind != RLM_BLOCK_SHEET) {
            return rlm_error_set(&merge->error, RLM_BAD_BLOCK, "must be a sheet, got a catalog");
        }
    }
    RLM_TRY(rlm_merge(merge->sheets, merge->count, &merge->catalog->buffer, &merge->error));
    return native_catalog_open(merge->catalog, &merge->error);
}

static void *
merge_work(void *argument)
{
    merging *merge = argument;

    merge->status = merge_sheets(merge);
    return NULL;
}

static VALUE
catalog_s_merge(VALUE class, VALUE sheets)
{
    merging merge = {NULL, NULL, 0, NULL, RLM_OK, {0}};
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), self = native_catalog_new(&merge.catalog);
    rlm_slice *texts;

    Check_Type(sheets, T_ARRAY);
    merge.count = (size_t) RARRAY_LEN(sheets);
    texts = native_scratch_array(scratch, merge.count, sizeof *texts);
    merge.sheets = native_scratch_array(scratch, merge.count, sizeof *merge.sheets);
    for (size_t i = 0; i < merge.count; i++) texts[i] = native_scratch_copy(scratch, RARRAY_AREF(sheets, (long) i));
    merge.texts = texts;
    rlm_error_clear(&merge.error);
    native_without_gvl_always(merge_work, &merge);
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    native_check(merge.status, &merge.error);
    return native_catalog_finish(self, merge.catalog);
}

static VALUE
catalog_s_empty(VALUE class)
{
    return catalog_s_merge(class, rb_ary_new());
}

/* ---- Some of its models ---- */

typedef struct {
    const rlm_block *block;
    const uint32_t *indexes;
    size_t count;
    rlm_record *records;
    native_catalog *catalog;
    rlm_status status;
    rlm_error error;
} excerpt;

static void *
excerpt_work(void *argument)
{
    excerpt *part = argument;

    for (size_t i = 0; i < part->count; i++) rlm_block_record(part->block, part->indexes[i], &part->records[i]);
    part->status = rlm_block_write(RLM_BLOCK_CATALOG, part->records, part->count, NULL, &part->catalog->buffer);
    if (part->status == RLM_OK) part->status = native_catalog_open(part->catalog, &part->error);
    return NULL;
}

VALUE
native_catalog_excerpt(VALUE self, VALUE packed)
{
    excerpt part = {.block = native_catalog_block(self)};
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), made = native_catalog_new(&part.catalog), places;
    rlm_slice copy;

    native_members_check(self, packed);
    copy = native_scratch_copy(scratch, packed);
    part.indexes = (const uint32_t *) (const void *) copy.bytes;
    part.count = copy.length / sizeof *part.indexes;
    part.records = native_scratch_array(scratch, part.count, sizeof *part.records);
    rlm_error_clear(&part.error);
    native_without_gvl_always(excerpt_work, &part);
    native_check(part.status, &part.error);
    places = rb_str_new(NULL, RSTRING_LEN(packed));
    for (size_t i = 0; i < part.count; i++) {
        rlm_slice provider, id;
        uint32_t place;

        rlm_block_key(part.block, part.indexes[i], &provider, &id);
        place = (uint32_t) rlm_block_find(&part.catalog->block, provider, id);
        memcpy(RSTRING_PTR(places) + i * sizeof place, &place, sizeof place);
    }
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(self);
    return rb_assoc_new(native_catalog_finish(made, part.catalog), rb_str_freeze(places));
}

/* ---- The block as a whole ---- */

static VALUE
catalog__bytes(VALUE self)
{
    const rlm_block *block = native_catalog_block(self);

    return native_bytes(block->bytes, block->size);
}

static VALUE
catalog__content_hash(VALUE self)
{
    return native_hex(native_catalog_block(self)->hash);
}

static VALUE
catalog__size(VALUE self)
{
    return SIZET2NUM(native_catalog_block(self)->count);
}

static VALUE
catalog__bytesize(VALUE self)
{
    return SIZET2NUM(native_catalog_block(self)->size);
}

static VALUE
catalog__inspect(VALUE self)
{
    const rlm_block *block = native_catalog_block(self);

    return rb_sprintf("#<%" PRIsVALUE " models=%" PRIuSIZE " content_hash=%" PRIsVALUE ">", rb_obj_class(self),
                      block->count, native_hex(block->hash));
}

/* ---- Sheets ---- */

typedef struct {
    rlm_slice slug, json;
    int64_t now;
    rlm_buffer *out;
    size_t rejected;
    rlm_status status;
    rlm_error error;
} reading;

static void *
read_work(void *argument)
{
    reading *read = argument;

    read->status = rlm_sheet_read(read->slug, read->json, read->now, read->out, &read->rejected, &read->error);
    return NULL;
}

static VALUE
native_s_read_sheet(VALUE module, VALUE slug, VALUE json, VALUE now)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), bytes;
    reading read = {.now = NUM2LL(now), .out = &scratch->buffer, .status = RLM_OK};

    read.slug = native_scratch_copy(scratch, slug);
    read.json = native_scratch_copy(scratch, json);
    rlm_error_clear(&read.error);
    native_without_gvl_always(read_work, &read);
    native_check(read.status, &read.error);
    bytes = native_bytes(scratch->buffer.bytes, scratch->buffer.length);
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    return rb_assoc_new(bytes, SIZET2NUM(read.rejected));
}

/*
 * Peek at the block and leave its hash and its stamp's texts in the scratch. Bytes that stand where a block may stand
 * are not copied: a head is cheap to look at.
 */
static rlm_status
peek(native_scratch *scratch, VALUE bytes, rlm_block *block, rlm_error *error)
{
    rlm_slice text = {RSTRING_PTR(bytes), (size_t) RSTRING_LEN(bytes)}, hash;
    rlm_slice *texts[] = {&block->stamp.source, &block->stamp.url, &block->stamp.etag, &hash};

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
    NATIVE_SET(head, "url", native_text(block.stamp.url));
    NATIVE_SET(head, "etag", native_text(block.stamp.etag));
    NATIVE_SET(head, "fetched_at", LL2NUM(block.stamp.fetched_at));
    NATIVE_SET(head, "content_hash", native_hex(block.hash));
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    RB_GC_GUARD(bytes);
    return head;
}

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

void
native_init_catalog(VALUE native)
{
    catalog_class = rb_define_class_under(native, "Catalog", rb_cObject);
    rb_gc_register_mark_object(catalog_class);
    rb_undef_alloc_func(catalog_class);
    rb_define_singleton_method(catalog_class, "load", catalog_s_load, 1);
    rb_define_singleton_method(catalog_class, "empty", catalog_s_empty, 0);
    rb_define_singleton_method(catalog_class, "merge", catalog_s_merge, 1);
    rb_define_method(catalog_class, "bytes", catalog__bytes, 0);
    rb_define_method(catalog_class, "content_hash", catalog__content_hash, 0);
    rb_define_method(catalog_class, "size", catalog__size, 0);
    rb_define_method(catalog_class, "bytesize", catalog__bytesize, 0);
    rb_define_method(catalog_class, "inspect", catalog__inspect, 0);
    rb_define_method(catalog_class, "excerpt", native_catalog_excerpt, 1);
    native_init_lookup(catalog_class);
    rb_define_module_function(native, "read_sheet", native_s_read_sheet, 3);
    rb_define_module_function(native, "block_head", native_s_block_head, 1);
    rb_define_module_function(native, "block_size", native_s_block_size, 2);
    rb_define_const(native, "BLOCK_HEAD", SIZET2NUM(rlm_block_head_size));
}
