/* Memory of C that a jump out of a function cannot leak: the GC owns it. */
#include "binding.h"

#include <stdint.h>

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
