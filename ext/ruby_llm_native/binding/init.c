/*
 * The extension's entry: load libcurl, define classes and constants. Each method is described above its function, in
 * the form that YARD reads; what is marked `@api private` is for this gem alone.
 *
 *   errors.c                Error, CatalogError, SourceError
 *   catalog.c, lookup.c     Catalog
 *   blocks.c                functions on blocks that Ruby knows only as bytes
 *   model.c                 Model
 *   refresh.c, run_open.c   Run, private
 *   memory_transport.c      MemoryTransport, private
 *   export.c, redact.c      functions of RubyLLM::Native
 *
 * Catalogs and models are frozen and can be shared by Ractors. `packed` is a String of indexes of models in a catalog,
 * of which the first `shown` are shown.
 */
#include "binding.h"

#include "registry/precedence.h"
#include "registry/refresh.h"
#include "json/json.h"

#include <ruby/ractor.h>

/* ---- Constants ---- */

static VALUE
flag(unsigned flags, unsigned which)
{
    return (flags & which) != 0 ? Qtrue : Qfalse;
}

static VALUE
setting_hash(const rlm_setting *setting)
{
    VALUE hash = rb_hash_new();

    NATIVE_SET(hash, "name", native_name_symbol(setting->name));
    NATIVE_SET(hash, "required", flag(setting->flags, RLM_SETTING_REQUIRED));
    NATIVE_SET(hash, "secret", flag(setting->flags, RLM_SETTING_SECRET));
    NATIVE_SET(hash, "base_url", flag(setting->flags, RLM_SETTING_BASE_URL));
    NATIVE_SET(hash, "either", flag(setting->flags, RLM_SETTING_EITHER));
    NATIVE_SET(hash, "supplied", flag(setting->flags, RLM_SETTING_SUPPLIED));
    NATIVE_SET(hash, "instead", flag(setting->flags, RLM_SETTING_INSTEAD));
    return hash;
}

static VALUE
listing_hash(const rlm_listing *listing)
{
    VALUE hash = rb_hash_new();

    NATIVE_SET(hash, "path", native_text(rlm_slice_of(listing->path)));
    NATIVE_SET(hash, "paged", listing->page != NULL ? Qtrue : Qfalse);
    NATIVE_SET(hash, "optional", flag(listing->flags, RLM_LISTING_OPTIONAL | RLM_LISTING_MISSING_OK));
    return hash;
}

static VALUE
source_hash(const rlm_source *source)
{
    VALUE hash = rb_hash_new(), settings = rb_ary_new(), listings = rb_ary_new();

    for (int i = 0; i < RLM_SOURCE_SETTINGS && source->settings[i].name != NULL; i++) {
        rb_ary_push(settings, setting_hash(&source->settings[i]));
    }
    NATIVE_SET(hash, "slug", native_interned_text(rlm_slice_of(source->slug)));
    NATIVE_SET(hash, "name", native_interned_text(rlm_slice_of(source->name)));
    NATIVE_SET(hash, "auth", native_interned_text(rlm_slice_of(source->auth)));
    NATIVE_SET(hash, "states", native_interned_text(rlm_slice_of(source->states)));
    NATIVE_SET(hash, "base_url", native_interned_text(rlm_slice_of(source->base_url)));
    NATIVE_SET(hash, "local", flag(source->flags, RLM_SOURCE_LOCAL));
    NATIVE_SET(hash, "catalogue", rlm_source_is_metadata(source) ? Qtrue : Qfalse);
    NATIVE_SET(hash, "shared", flag(source->flags, RLM_SOURCE_SHARED));
    NATIVE_SET(hash, "regional_host", flag(source->flags, RLM_SOURCE_REGIONAL_HOST));
    NATIVE_SET(hash, "partners", flag(source->flags, RLM_SOURCE_PARTNERS));
    NATIVE_SET(hash, "regional_ids", rlm_source_ids_of(source)->in_region != NULL ? Qtrue : Qfalse);
    NATIVE_SET(hash, "preference", INT2FIX(source->preference));
    NATIVE_SET(hash, "askable", source->auth != NULL ? Qtrue : Qfalse);
    NATIVE_SET(hash, "settings", settings);
    NATIVE_SET(hash, "supplier", source->supplier != NULL ? native_name_symbol(source->supplier) : Qnil);
    for (size_t i = 0; i < rlm_source_listing_count(source); i++)
        rb_ary_push(listings, listing_hash(&source->listings[i]));
    NATIVE_SET(hash, "listings", listings);
    return hash;
}

static VALUE
sources_array(void)
{
    VALUE sources = rb_ary_new();

    for (int i = 0; rlm_sources[i] != NULL; i++) rb_ary_push(sources, source_hash(rlm_sources[i]));
    return sources;
}

static VALUE
precedence_array(void)
{
    size_t count;
    const rlm_precedence *rows = rlm_merge_precedence(&count);
    VALUE array = rb_ary_new();

    for (size_t i = 0; i < count; i++) {
        VALUE hash = rb_hash_new();

        NATIVE_SET(hash, "field", native_name_symbol(rlm_field_names[rows[i].field]));
        NATIVE_SET(hash, "metadata_first", rows[i].metadata_first ? Qtrue : Qfalse);
        NATIVE_SET(hash, "united", rows[i].united ? Qtrue : Qfalse);
        rb_ary_push(array, hash);
    }
    return array;
}

static VALUE
libraries_hash(const char *libcurl)
{
    VALUE hash = rb_hash_new();

    NATIVE_SET(hash, "libcurl", rb_utf8_str_new_cstr(libcurl));
    NATIVE_SET(hash, "yajl", rb_utf8_str_new_cstr(rlm_json_library()));
    return hash;
}

RUBY_FUNC_EXPORTED void
Init_ruby_llm_native(void);

void
Init_ruby_llm_native(void)
{
    VALUE ruby_llm = rb_define_module("RubyLLM");
    VALUE native = rb_define_module_under(ruby_llm, "Native");
    const char *libcurl;
    rlm_error error;
    bool thread_safe = false;

    rlm_error_clear(&error);
    if (rlm_refresh_load(&error) != RLM_OK) rb_raise(rb_eLoadError, "ruby_llm_native: %s", error.message);
    libcurl = rlm_refresh_library(&thread_safe);
#ifdef HAVE_RB_EXT_RACTOR_SAFE
    rb_ext_ractor_safe(thread_safe);
#endif
    native_init_errors(native);
    native_init_catalog(native);
    native_init_blocks(native);
    native_init_model(native);
    native_init_lookup_cache(native);
    native_init_transport(native);
    native_init_refresh(native);
    native_init_export(native);
    native_init_row(native);
    native_init_price(native);
    native_init_controls(native);
    native_init_files(native);
    native_init_redact(native);
    /*
     * All sources, deeply frozen, each a Hash with slug, name, auth, states, base_url, local, catalogue, shared,
     * regional_host, partners, regional_ids, preference, supplier, askable, settings (each with name, required, secret,
     * base_url, either, supplied) and listings (each with path, paged, optional).
     */
    rb_define_const(native, "SOURCES", rb_ractor_make_shareable(sources_array()));
    /* The order of sources for each field, deeply frozen, each a Hash with field, metadata_first and united. */
    rb_define_const(native, "PRECEDENCE", rb_ractor_make_shareable(precedence_array()));
    /* The version of the blocks' format. Blocks of any other are refused. */
    rb_define_const(native, "FORMAT_VERSION", INT2FIX(RLM_BLOCK_FORMAT));
    /* How many sources a registry holds the sheets of, and a refresh asks. */
    rb_define_const(native, "MOST_SOURCES", INT2FIX(RLM_CAP_SOURCES));
    /* The versions of libcurl and yajl, deeply frozen, by name. */
    rb_define_const(native, "LIBRARIES", rb_ractor_make_shareable(libraries_hash(libcurl)));
}
