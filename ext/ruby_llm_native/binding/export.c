/* A registry as text and back. Blocks are bytes here; what they mean is the core's. */
#include "binding.h"

#include "export/export.h"

/* ---- Blocks to text ---- */

typedef struct {
    const rlm_slice *texts; /* the catalog's, then the sheets' */
    const rlm_slice *slugs; /* of the sheets */
    rlm_block *blocks;
    size_t sheets;
    rlm_buffer *out;
    rlm_status status;
    rlm_error error;
} exporting;

static rlm_status
export_all(exporting *export)
{
    for (size_t i = 0; i <= export->sheets; i++) {
        rlm_block_kind kind = i == 0 ? RLM_BLOCK_CATALOG : RLM_BLOCK_SHEET;

        RLM_TRY(rlm_block_open(export->texts[i].bytes, export->texts[i].length, &export->blocks[i], &export->error));
        if (export->blocks[i].kind != kind)
            return rlm_error_set(&export->error, RLM_BAD_BLOCK,
                                 "must be a catalog and sheets, got a sheet as the catalog or a catalog as a sheet");
        if (i > 0 && !rlm_slice_equal(export->blocks[i].stamp.source, export->slugs[i - 1])) {
            return rlm_error_set(&export->error, RLM_BAD_BLOCK, "a sheet must belong to the source that its key names");
        }
    }
    return rlm_export_write(&export->blocks[0], export->blocks + 1, export->sheets, export->out, &export->error);
}

static void *
export_work(void *argument)
{
    exporting *export = argument;

    export->status = export_all(export);
    return NULL;
}

typedef struct {
    native_scratch *scratch;
    rlm_slice *text, *slug; /* where the next sheet goes */
} taking;

static int
take_sheet(VALUE slug, VALUE bytes, VALUE argument)
{
    taking *take = (taking *) argument;

    *take->slug++ = native_scratch_copy(take->scratch, slug);
    *take->text++ = native_scratch_copy(take->scratch, bytes);
    return ST_CONTINUE;
}

/*
 * @api private
 * @param catalog [String] the bytes of a catalog
 * @param sheets [Hash{String => String}] the bytes of sheets, by source
 * @return [String] JSON
 * @raise [CatalogError] when a block is damaged, or a sheet belongs to another source
 */
static VALUE
native_s_export(VALUE module, VALUE catalog, VALUE sheets)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), text;
    exporting export = {.status = RLM_OK};
    rlm_slice *texts, *slugs;

    Check_Type(sheets, T_HASH);
    export.sheets = (size_t) RHASH_SIZE(sheets);
    texts = native_scratch_array(scratch, export.sheets + 1, sizeof *texts);
    slugs = native_scratch_array(scratch, export.sheets + 1, sizeof *slugs);
    export.blocks = native_scratch_array(scratch, export.sheets + 1, sizeof *export.blocks);
    texts[0] = native_scratch_copy(scratch, catalog);
    rb_hash_foreach(sheets, take_sheet, (VALUE) & (taking){scratch, texts + 1, slugs});
    export.texts = texts;
    export.slugs = slugs;
    export.out = &scratch->buffer;
    rlm_error_clear(&export.error);
    native_without_gvl_always(export_work, &export);
    native_check(export.status, &export.error);
    text = rb_utf8_str_new(scratch->buffer.bytes, (long) scratch->buffer.length);
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    return text;
}

/* ---- Text to blocks ---- */

typedef struct {
    rlm_slice text;
    native_scratch *scratch;
    rlm_export_part *parts;
    size_t count;
    rlm_status status;
    rlm_error error;
} importing;

static void *
import_work(void *argument)
{
    importing *import = argument;
    native_scratch *scratch = import->scratch;

    import->status = rlm_export_read(import->text, &scratch->arena, &scratch->buffer, &import->parts, &import->count,
                                     &import->error);
    return NULL;
}

/*
 * @api private
 * @param text [String] of {export}
 * @return [Array(String, Hash{String => String})] the bytes of the catalog and of the sheets
 * @raise [SourceError] names the group, the model and the fact that cannot be read
 */
static VALUE
native_s_import(VALUE module, VALUE text)
{
    native_scratch *scratch;
    VALUE guard = native_scratch_new(&scratch), catalog = Qnil, sheets = rb_hash_new();
    importing import = {.scratch = scratch, .status = RLM_OK};

    import.text = native_scratch_copy(scratch, text);
    rlm_error_clear(&import.error);
    native_without_gvl_always(import_work, &import);
    native_check(import.status, &import.error);
    for (size_t i = 0; i < import.count; i++) {
        VALUE bytes = native_bytes(scratch->buffer.bytes + import.parts[i].offset, import.parts[i].size);

        if (i == 0) catalog = bytes;
        else rb_hash_aset(sheets, native_interned_text(import.parts[i].source), bytes);
    }
    native_scratch_free(scratch);
    RB_GC_GUARD(guard);
    return rb_assoc_new(catalog, sheets);
}

void
native_init_export(VALUE native)
{
    rb_define_module_function(native, "export", native_s_export, 2);
    rb_define_module_function(native, "import", native_s_import, 1);
}
