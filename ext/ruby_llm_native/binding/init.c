/*
 * The extension's entry: load libcurl, define classes and constants. All that it defines is private to this gem.
 *
 *   RubyLLM::Native
 *     SOURCES         [{slug:, name:, auth:, states:, base_url: String|nil, local:, catalogue:, askable:,
 *                     settings: [{name: Symbol, required:, secret:, base_url:, either:}, …],
 *                     listings: [{path:, paged:, optional:}, …]}, …], deeply frozen
 *     PRECEDENCE      [{field: Symbol, metadata_first:, united:}, …], deeply frozen: the order of sources per field
 *     FORMAT_VERSION  Integer: the blocks' format; blocks of any other are refused
 *     LIBRARIES       {libcurl: "libcurl/7.88.1 …", yajl: "2.1.0"}, deeply frozen
 *     .read_sheet(slug, json, now) -> [bytes, rejected]                                                 catalog.c
 *         a document in hand, read as that source's answer
 *     .block_head(bytes) -> {kind: :catalog|:sheet, size:, count:, source:, url:, etag:, fetched_at:, content_hash:}
 *         of the block that `bytes` begin with; the rest is not read
 *     .export(catalog bytes, {slug => sheet bytes}) -> String: the registry as JSON                     export.c
 *     .import(text) -> [catalog bytes, {slug => sheet bytes}]
 *     Error, CatalogError, SourceError                                                                  errors.c
 *
 *   Catalog       frozen, shareable                                                                     catalog.c
 *     .load(bytes), .empty, .merge([sheet bytes, …]) -> Catalog
 *     #bytes, #content_hash -> String     #size, #bytesize -> Integer
 *     `packed` is a String of indexes; a list shows the first `shown` of them.                          lookup.c
 *     #find(provider, id) -> index|nil    #model(index) -> Model    #models(packed, shown) -> [Model, …]
 *     #each_model(packed, shown) { |model| … } -> self
 *     #select(packed|nil, shown, criteria) -> [packed, shown]; nil: from the whole catalog
 *         criteria: {provider:, family:, type:, or_output:, input:, output:, capabilities:, standing: Arrays,
 *         min_context: Integer, max_input_price: a decimal's String, without_superseded: bool}
 *     #newest_first(packed, shown) -> packed    #cheapest(packed, shown, order) -> index|nil
 *     #providers(packed, shown) -> [slug, …]    #aliases -> [String, …]
 *     #resolve(id, provider|nil, order, region|nil, packed|nil) -> index|nil
 *     #candidates(the same) -> [[index, how], …]
 *
 *   Model         frozen, shareable; ==, eql? and hash compare provider, id and facts                   model.c
 *     #provider, #id, #name, #fingerprint -> String    #family, #replacement, #metadata_json -> String|nil
 *     #type, #standing, #status -> Symbol|nil          #origin(field) -> Symbol|nil
 *     #context_window, #max_input_tokens, #max_output_tokens -> Integer|nil
 *     #input_modalities, #output_modalities, #capabilities, #denied_capabilities, #equivalents -> [String, …]
 *     private: #timestamp(name) -> [seconds, precision]|nil
 *              #price_list -> [[category, direction, tier, threshold, unit, amount], …]
 *
 *   Run           one refresh in progress                                                      refresh.c, run_open.c
 *     .open([request, …], [held bytes, …], Catalog|nil, options) -> Run
 *         request: [slug, base_url|nil, {name => value}, sheet bytes|nil, replies|nil, proxy|nil]
 *         replies, from memory instead of the network:
 *             [whether it is a registry file, [[position of the listing, HTTP status, body], …]]
 *         options: {timeout:, request_timeout:, connect_timeout:, retries:, ca_file:, ca_path:, user_agent:, now:}
 *     #step -> [position, …]|nil    #outcome(position) -> Hash    #close
 *     #finish -> [Catalog, [bytes|nil, …]]
 *         The catalog given to .open is the merge of the sheets given with it: #finish returns that very object when
 *         no source has anything new, and merges when it was nil. Unchanged sheets are the very strings given, if they
 *         were frozen, or frozen copies; nil stands for a source without a usable sheet.
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
    NATIVE_SET(hash, "catalogue", flag(source->flags, RLM_SOURCE_METADATA));
    NATIVE_SET(hash, "askable", source->auth != NULL ? Qtrue : Qfalse);
    NATIVE_SET(hash, "settings", settings);
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
    VALUE native = rb_define_module_under(rb_define_module("RubyLLM"), "Native");
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
    native_init_model(native);
    native_init_refresh(native);
    native_init_export(native);
    native_init_redact(native);
    rb_define_const(native, "SOURCES", rb_ractor_make_shareable(sources_array()));
    rb_define_const(native, "PRECEDENCE", rb_ractor_make_shareable(precedence_array()));
    rb_define_const(native, "FORMAT_VERSION", INT2FIX(RLM_BLOCK_FORMAT));
    rb_define_const(native, "LIBRARIES", rb_ractor_make_shareable(libraries_hash(libcurl)));
}
