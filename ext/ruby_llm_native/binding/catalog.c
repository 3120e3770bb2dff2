/*
 * Catalog: one block of bytes behind a frozen, shareable Ruby object, which keeps those of its models (models.c).
 * Read native_catalog_new to native_catalog_finish first: every catalog is born that way.
 */
#include "binding.h"

static VALUE catalog_class;

static void
catalog_dmark(void *data)
{
    rb_gc_mark(((native_catalog *) data)->string);
    native_models_mark(data);
}

static void
catalog_dfree(void *data)
{
    native_catalog *catalog = data;

    if (catalog->block.bytes != NULL)
        rb_gc_adjust_memory_usage(-(ssize_t) (catalog->buffer.capacity + native_models_size(catalog)));
    rlm_buffer_free(&catalog->buffer);
    free(atomic_load(&catalog->made));
    xfree(catalog);
}

static size_t
catalog_dsize(const void *data)
{
    const native_catalog *catalog = data;

    return sizeof *catalog + catalog->buffer.capacity + native_models_size(catalog);
}

static const rb_data_type_t catalog_type = {
    .wrap_struct_name = "RubyLLM::Native::Catalog",
    .function = {.dmark = catalog_dmark,
                 .dfree = catalog_dfree,
                 .dsize = catalog_dsize,
                 .dcompact = native_models_compact},
    .flags = NATIVE_TYPED_FREE | RUBY_TYPED_WB_PROTECTED | RUBY_TYPED_FROZEN_SHAREABLE,
};

VALUE
native_catalog_new(native_catalog **catalog)
{
    VALUE self = TypedData_Make_Struct(catalog_class, native_catalog, &catalog_type, *catalog);

    rlm_buffer_init(&(*catalog)->buffer, RLM_CAP_BLOCK);
    return self;
}

/* Open the block in these bytes, which must be a catalog's. Any thread. */
static rlm_status
open_bytes(native_catalog *catalog, const char *bytes, size_t length, rlm_error *error)
{
    rlm_block block;

    RLM_TRY(rlm_block_open(bytes, length, &block, error));
    if (block.kind != RLM_BLOCK_CATALOG) return rlm_error_set(error, RLM_BAD_BLOCK, "must be a catalog, got a sheet");
    catalog->block = block;
    return RLM_OK;
}

static rlm_status
open_block(native_catalog *catalog, rlm_error *error)
{
    return open_bytes(catalog, catalog->buffer.bytes, catalog->buffer.length, error);
}

VALUE
native_catalog_finish(VALUE self, native_catalog *catalog)
{
    rb_gc_adjust_memory_usage((ssize_t) catalog->buffer.capacity);
    return rb_obj_freeze(self);
}

native_catalog *
native_catalog_get(VALUE self)
{
    native_catalog *catalog = rb_check_typeddata(self, &catalog_type);

    if (catalog->block.bytes == NULL) rb_raise(native_error_class, "the catalog has no block");
    return catalog;
}

const rlm_block *
native_catalog_block(VALUE self)
{
    return &native_catalog_get(self)->block;
}

/* ---- Ways to make one ---- */

/*
 * Open the block where the String has it: to copy a file's bytes takes longer than to check them. They are copied only
 * from where no block may stand.
 */
static rlm_status
open_string(VALUE self, native_catalog *catalog, VALUE string, rlm_error *error)
{
    const char *bytes = RSTRING_PTR(string);
    size_t length = (size_t) RSTRING_LEN(string);

    if (length > RLM_CAP_BLOCK || (uintptr_t) bytes % sizeof(uint64_t) != 0) {
        RLM_TRY(rlm_buffer_append(&catalog->buffer, bytes, length));
        return open_block(catalog, error);
    }
    RB_OBJ_WRITE(self, &catalog->string, string);
    return open_bytes(catalog, bytes, length, error);
}

/*
 * @api private
 * @param bytes [String] of {#bytes}
 * @return [Catalog]
 * @raise [CatalogError] when the bytes are damaged, of another version, or a sheet
 */
static VALUE
catalog_s_load(VALUE class, VALUE bytes)
{
    native_catalog *catalog;
    VALUE self = native_catalog_new(&catalog);
    rlm_error error;

    Check_Type(bytes, T_STRING);
    bytes = rb_str_new_frozen(bytes); /* shares the bytes: whoever changes his own String gets a copy */
    rlm_error_clear(&error);
    native_check(open_string(self, catalog, bytes, &error), &error);
    RB_GC_GUARD(bytes);
    return native_catalog_finish(self, catalog);
}

typedef struct {
    const char *path;
    native_catalog *catalog;
    rlm_file_read result;
    int code;
    rlm_status status;
    rlm_error error;
} reading;

static void *
read_work(void *argument)
{
    reading *this = argument;
    rlm_file_part block = {rlm_block_head_size, rlm_block_claim};

    this->code = rlm_regular_file_read_part(this->path, &block, &this->catalog->buffer, &this->result);
    if (this->code == 0) this->status = open_block(this->catalog, &this->error);
    return NULL;
}

/*
 * @api private
 * @param path [String, Pathname] of a file that begins with {#bytes}; what follows them is not read
 * @return [Catalog]
 * @raise [CatalogError] like {load}
 * @raise [SystemCallError] when the file cannot be opened or read
 * @raise [Error] when it is not a regular file, too large, or does not fit into memory
 */
static VALUE
catalog_s_read(VALUE class, VALUE path)
{
    VALUE name = native_path(path), self;
    reading this = {.path = StringValueCStr(name), .status = RLM_OK};

    native_check_file(rlm_regular_file_check(this.path, &this.result.file), &this.result, name);
    self = native_catalog_new(&this.catalog);
    rlm_error_clear(&this.error);
    native_without_gvl_always(read_work, &this);
    native_check_file(this.code, &this.result, name);
    native_check(this.status, &this.error);
    RB_GC_GUARD(name);
    return native_catalog_finish(self, this.catalog);
}

typedef struct {
    const rlm_slice *texts;
    rlm_block *sheets;
    size_t count;
    rlm_slice documented;
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
    RLM_TRY(rlm_merge(merge->sheets, merge->count, merge->documented, &merge->catalog->buffer, &merge->error));
    return open_block(merge->catalog, &merge->error);
}

static void *
merge_work(void *argument)
{
    merging *merge = argument;

    merge->status = merge_sheets(merge);
    return NULL;
}

rlm_slice
native_documented(native_scratch *scratch, VALUE providers)
{
    rlm_slice *slugs, text;
    size_t count;

    if (NIL_P(providers)) return RLM_DOCUMENTED_ALL;
    native_check_type(providers, "documented", T_ARRAY);
    count = (size_t) RARRAY_LEN(providers);
    slugs = native_scratch_array(scratch, count, sizeof *slugs);
    for (size_t i = 0; i < count; i++) {
        native_check_type(RARRAY_AREF(providers, (long) i), "a documented provider", T_STRING);
        slugs[i] = native_scratch_copy(scratch, RARRAY_AREF(providers, (long) i));
    }
    if (rlm_id_list(&scratch->arena, slugs, count, count, &text) != RLM_OK) rb_memerror();
    return text;
}

/*
 * @api private
 * @overload merge(sheets, documented = nil)
 *   @param sheets [Array<String>] the bytes of one sheet for each source
 *   @param documented [Array<String>, nil] the providers whose models it has although no endpoint lists them; nil: all
 *   @return [Catalog]
 *   @raise [CatalogError] when a sheet is damaged, of another version, or a catalog
 */
static VALUE
catalog_s_merge(int count, VALUE *arguments, VALUE class)
{
    merging merge = {.status = RLM_OK};
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), self = native_catalog_new(&merge.catalog), sheets;
    rlm_slice *texts;

    rb_check_arity(count, 1, 2);
    sheets = arguments[0];
    Check_Type(sheets, T_ARRAY);
    merge.documented = native_documented(scratch, count == 2 ? arguments[1] : Qnil);
    merge.count = (size_t) RARRAY_LEN(sheets);
    texts = native_scratch_array(scratch, merge.count, sizeof *texts);
    merge.sheets = native_scratch_array(scratch, merge.count, sizeof *merge.sheets);
    for (size_t i = 0; i < merge.count; i++) texts[i] = native_scratch_copy(scratch, RARRAY_AREF(sheets, (long) i));
    merge.texts = texts;
    rlm_error_clear(&merge.error);
    if (merge.count > 0) native_without_gvl_always(merge_work, &merge);
    else merge_work(&merge); /* not worth a wait for the GVL afterwards */
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    native_check(merge.status, &merge.error);
    return native_catalog_finish(self, merge.catalog);
}

/*
 * @api private
 * @return [Catalog] without models
 */
static VALUE
catalog_s_empty(VALUE class)
{
    VALUE none = rb_ary_new();

    return catalog_s_merge(1, &none, class);
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
    if (part->status == RLM_OK) part->status = open_block(part->catalog, &part->error);
    return NULL;
}

/*
 * @api private
 * @param packed [String] indexes of models, without repetitions
 * @return [Array(Catalog, String)] a catalog of those models, and their indexes in it
 * @raise [IndexError, ArgumentError] when `packed` holds anything else
 */
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

/*
 * @return [String] frozen and binary: what a store keeps
 * @example
 *   File.binwrite("catalog", RubyLLM.models.catalog.bytes)
 */
static VALUE
catalog__bytes(VALUE self)
{
    const rlm_block *block = native_catalog_block(self);

    return native_bytes(block->bytes, block->size);
}

/*
 * @return [String] hexadecimal; equal content, equal hash
 * @example
 *   RubyLLM.models.catalog.content_hash  # => "aa30a79756ddae10bc357a02228e9cd3"
 */
static VALUE
catalog__content_hash(VALUE self)
{
    return native_hex(native_catalog_block(self)->hash);
}

/*
 * @return [Integer] models, including unlisted ones
 * @example
 *   RubyLLM.models.catalog.size  # => 2731
 */
static VALUE
catalog__size(VALUE self)
{
    return SIZET2NUM(native_catalog_block(self)->count);
}

/*
 * @return [Integer] the size of the block, which is outside Ruby's heap
 * @example
 *   RubyLLM.models.catalog.bytesize  # => 1403912
 */
static VALUE
catalog__bytesize(VALUE self)
{
    return SIZET2NUM(native_catalog_block(self)->size);
}

/*
 * @api private
 * @return [Array<String>, nil] the slugs of which it was merged with {merge}; nil: all
 */
static VALUE
catalog__documented(VALUE self)
{
    rlm_slice rest = native_catalog_block(self)->stamp.documented, slug;
    VALUE slugs;

    if (rlm_slice_equal(rest, RLM_DOCUMENTED_ALL)) return Qnil;
    slugs = rb_ary_new();
    while (rlm_id_list_next(&rest, &slug)) rb_ary_push(slugs, native_text(slug));
    RB_GC_GUARD(self);
    return slugs;
}

/*
 * @return [String] its size and its hash
 */
static VALUE
catalog__inspect(VALUE self)
{
    const rlm_block *block = native_catalog_block(self);

    return rb_sprintf("#<%" PRIsVALUE " models=%" PRIuSIZE " content_hash=%" PRIsVALUE ">", rb_obj_class(self),
                      block->count, native_hex(block->hash));
}

void
native_init_catalog(VALUE native)
{
    catalog_class = rb_define_class_under(native, "Catalog", rb_cObject);
    rb_gc_register_mark_object(catalog_class);
    rb_undef_alloc_func(catalog_class);
    rb_define_singleton_method(catalog_class, "load", catalog_s_load, 1);
    rb_define_singleton_method(catalog_class, "read", catalog_s_read, 1);
    rb_define_singleton_method(catalog_class, "empty", catalog_s_empty, 0);
    rb_define_singleton_method(catalog_class, "merge", catalog_s_merge, -1);
    rb_define_method(catalog_class, "bytes", catalog__bytes, 0);
    rb_define_method(catalog_class, "content_hash", catalog__content_hash, 0);
    rb_define_method(catalog_class, "size", catalog__size, 0);
    rb_define_method(catalog_class, "bytesize", catalog__bytesize, 0);
    rb_define_method(catalog_class, "documented", catalog__documented, 0);
    rb_define_method(catalog_class, "inspect", catalog__inspect, 0);
    rb_define_method(catalog_class, "excerpt", native_catalog_excerpt, 1);
    native_init_lookup(catalog_class);
}
