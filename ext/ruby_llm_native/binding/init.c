/*
 * The extension's entry, and the few helpers that all files of the binding share. What Ruby sees, all of it private to
 * this gem:
 *
 *   RubyLLM::Native
 *     SOURCES     [{slug:, name:, auth:, states:, base_url: String|nil, local:, catalogue:, askable:, settings: [{name:
 * Symbol, required:, secret:, base_url:, either:}, …]}, …], deeply frozen PRECEDENCE  [{field: Symbol, metadata_first:,
 * united:}, …], deeply frozen: who speaks first, for the documentation FORMAT_VERSION  Integer: of blocks; those of
 * another one are refused LIBRARIES   {libcurl: "libcurl/7.88.1 …", yajl: "2.1.0"}, deeply frozen .read_sheet(slug,
 * json, now) -> [bytes, rejected]          a document in hand, read as that source's    catalog.c .block_head(bytes) ->
 * {kind: :catalog|:sheet, size:, count:, source:, url:, etag:, fetched_at:, content_hash:} of the block they begin
 * with; at the rest nobody looks .export(catalog bytes, {slug => sheet bytes}) -> String    the registry as JSON
 * export.c .import(text) -> [catalog bytes, {slug => sheet bytes}] Error, CatalogError, SourceError errors.c
 *
 *   Catalog       frozen, shareable                                                                           catalog.c
 *     .load(bytes), .empty, .merge([sheet bytes, …]) -> Catalog
 *     #bytes, #content_hash -> String     #size, #bytesize -> Integer
 *     in lookup.c; `packed` is a String of indexes, the first `shown` of which a list shows:
 *     #find(provider, id) -> index|nil    #model(index) -> Model    #models(packed, shown) -> [Model, …]
 *     #each_model(packed, shown) { |model| … } -> self
 *     #select(packed|nil, shown, {provider:, family:, type:, or_output:, input:, output:, capabilities:, standing:
 * Arrays, min_context: Integer, max_input_price: a decimal's String, without_superseded: bool}) -> [packed, shown];
 * nil: from the whole catalog #newest_first(packed, shown) -> packed    #cheapest(packed, shown, order) -> index|nil
 * #providers(packed, shown) -> [slug, …] #resolve(id, provider|nil, order, region|nil, packed|nil) -> index|nil
 * #candidates(the same) -> [[index, how], …] #aliases -> [String, …]
 *
 *   Model         frozen, shareable; ==, eql? and hash by provider, id and facts                              model.c
 *     #provider, #id, #name, #fingerprint -> String      #family, #replacement, #metadata_json -> String|nil
 *     #type, #standing, #status -> Symbol|nil              #context_window, #max_input_tokens, #max_output_tokens ->
 * Integer|nil #input_modalities, #output_modalities, #capabilities, #denied_capabilities, #equivalents -> [String, …]
 *     #origin(field) -> Symbol|nil
 *     private: #timestamp(name) -> [seconds, precision]|nil
 *              #price_list -> [[category, direction, tier, threshold, unit, amount], …]
 *
 *   Run           one refresh under way                                                                       refresh.c
 *     .open([[slug, base_url|nil, {name => value}, sheet bytes|nil, replies|nil, proxy|nil], …], [held bytes, …],
 * Catalog|nil, {timeout:, request_timeout:, connect_timeout:, retries:, ca_file:, ca_path:, user_agent:, now:}) -> Run
 *     #step -> [position, …]|nil    #outcome(position) -> Hash    #finish -> [Catalog, [bytes|nil, …]]    #close
 *     replies, from memory instead of the network: [whether it is a registry file, [[position of the listing, HTTP
 * status, body], …]] The catalog given to open is the merge of the sheets given to it: when no source says anything
 * new, #finish gives that very object. With nil it merges. Sheets that are not new are the very strings, too (frozen
 * ones, or frozen copies); nil where there is none that can be used.
 */
#include "binding.h"

#include "registry/precedence.h"
#include "registry/refresh.h"
#include "json/json.h"

#include <ruby/ractor.h>
#include <stdint.h>

/* ---- The GVL ---- */

typedef struct {
    void *(*work)(void *);
    void *argument;
    bool ran;
} job;

static void *
job_run(void *argument)
{
    job *this = argument;

    this->ran = true;
    return this->work(this->argument);
}

bool
native_without_gvl(void *(*work)(void *), void *argument, rb_unblock_function_t *wake, void *wake_argument)
{
    job this = {work, argument, false};
    int flags = RB_NOGVL_INTR_FAIL;

    /*
     * Not RB_NOGVL_PENDING_INTR_FAIL: it minds interrupts that are masked too, and who waits for those to be handled
     * waits for ever.
     */
#ifdef RB_NOGVL_OFFLOAD_SAFE
    if (wake != NULL) flags |= RB_NOGVL_OFFLOAD_SAFE;
#endif
    rb_nogvl(job_run, &this, wake, wake_argument, flags);
    return this.ran;
}

void
native_without_gvl_always(void *(*work)(void *), void *argument)
{
    while (!native_without_gvl(work, argument, NULL, NULL)) rb_thread_check_ints();
}

/* ---- Memory ---- */

void
native_scratch_free(native_scratch *scratch)
{
    rlm_arena_free(&scratch->arena);
    rlm_buffer_free(&scratch->buffer);
}

static void
scratch_dfree(void *data)
{
    native_scratch_free(data);
    xfree(data);
}

static size_t
scratch_dsize(const void *data)
{
    const native_scratch *scratch = data;

    return sizeof *scratch + scratch->arena.used + scratch->buffer.capacity;
}

static const rb_data_type_t scratch_type = {
    .wrap_struct_name = "RubyLLM::Native (scratch)",
    .function = {.dfree = scratch_dfree, .dsize = scratch_dsize},
    .flags = NATIVE_TYPED_FREE | RUBY_TYPED_WB_PROTECTED,
};

VALUE
native_scratch_new(native_scratch **scratch)
{
    VALUE guard = TypedData_Make_Struct(0, native_scratch, &scratch_type, *scratch);

    rlm_arena_init(&(*scratch)->arena, SIZE_MAX);
    rlm_buffer_init(&(*scratch)->buffer, RLM_CAP_BLOCK);
    return guard;
}

void *
native_scratch_array(native_scratch *scratch, size_t count, size_t size)
{
    void *array = rlm_arena_allocate(&scratch->arena, count, size);

    if (array == NULL) rb_memerror();
    return array;
}

rlm_slice
native_scratch_copy(native_scratch *scratch, VALUE string)
{
    char *copy;

    Check_Type(string, T_STRING);
    copy = native_scratch_array(scratch, (size_t) RSTRING_LEN(string), 1);
    if (RSTRING_LEN(string) > 0) memcpy(copy, RSTRING_PTR(string), (size_t) RSTRING_LEN(string));
    return (rlm_slice){copy, (size_t) RSTRING_LEN(string)};
}

/* ---- Texts and names ---- */

VALUE
native_text(rlm_slice text)
{
    return text.length == 0 ? Qnil : rb_utf8_str_new(text.bytes, (long) text.length);
}

VALUE
native_interned_text(rlm_slice text)
{
    return text.length == 0 ? Qnil : rb_enc_interned_str(text.bytes, (long) text.length, rb_utf8_encoding());
}

VALUE
native_bytes(const char *bytes, size_t length)
{
    return rb_str_freeze(rb_str_new(bytes, (long) length));
}

VALUE
native_hex(const uint8_t hash[RLM_HASH_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * RLM_HASH_SIZE];

    for (int i = 0; i < RLM_HASH_SIZE; i++) {
        text[2 * i] = digits[hash[i] >> 4];
        text[2 * i + 1] = digits[hash[i] & 15];
    }
    return rb_str_freeze(rb_usascii_str_new(text, sizeof text));
}

VALUE
native_name_symbol(const char *name)
{
    return *name == '\0' ? Qnil : ID2SYM(rb_intern(name));
}

NORETURN(static void raise_unknown(const char *const *names, int count, VALUE symbol, const char *what));

static void
raise_unknown(const char *const *names, int count, VALUE symbol, const char *what)
{
    VALUE known = rb_ary_new();

    for (int i = 0; i < count; i++) {
        if (names[i][0] != '\0') rb_ary_push(known, rb_str_new_cstr(names[i]));
    }
    rb_raise(rb_eArgError, "Unknown %s: %+" PRIsVALUE ". Known are %" PRIsVALUE, what, symbol,
             rb_ary_join(known, rb_str_new_cstr(", ")));
}

int
native_name_position(const char *const *names, int count, VALUE symbol, const char *what)
{
    VALUE name;
    int position = -1;

    if (NIL_P(symbol)) {
        position = rlm_name_position(names, count, (rlm_slice){NULL, 0});
    } else {
        Check_Type(symbol, T_SYMBOL);
        name = rb_sym2str(symbol);
        if (RSTRING_LEN(name) > 0) {
            position = rlm_name_position(names, count, (rlm_slice){RSTRING_PTR(name), (size_t) RSTRING_LEN(name)});
        }
        RB_GC_GUARD(name);
    }
    if (position < 0) raise_unknown(names, count, symbol, what);
    return position;
}

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
