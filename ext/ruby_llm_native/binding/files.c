/*
 * Files that are read and written in one go without the GVL: beside busy threads each wait for it takes up to 100 ms a
 * thread.
 */
#include "binding.h"

#include "base/atomic_file.h"

VALUE
native_path(VALUE path)
{
    return rb_str_new_frozen(rb_get_path(path)); /* no other thread can change it meanwhile */
}

static const char *
kind_of(const struct stat *file)
{
    if (S_ISDIR(file->st_mode)) return "directory";
    if (S_ISFIFO(file->st_mode)) return "FIFO";
    if (S_ISSOCK(file->st_mode)) return "socket";
    return S_ISCHR(file->st_mode) || S_ISBLK(file->st_mode) ? "device" : "unknown";
}

/* ---- Reading ---- */

NORETURN(static void lack_memory(VALUE size));

static void
lack_memory(VALUE size)
{
    rb_raise(native_error_class, "it does not fit into memory: %" PRIsVALUE " bytes", size);
}

void
native_check_file(int code, const rlm_file_read *result, VALUE path)
{
    switch (code) {
    case 0:
        return;
    case RLM_IRREGULAR_FILE:
        rb_raise(native_error_class, "it must be a regular file, got a %s", kind_of(&result->file));
    case RLM_LARGE_FILE:
        rb_raise(native_error_class, "it must have at most %u bytes, got %" PRIsVALUE, RLM_CAP_FILE,
                 OFFT2NUM(result->file.st_size));
    case RLM_BAD_FILE:
        native_raise(&result->error);
    case RLM_NO_MEMORY:
        lack_memory(SIZET2NUM(result->length));
    default:
        rb_syserr_fail_str(code, path);
    }
}

typedef struct {
    const char *path;
    char *bytes;
    size_t room;
    rlm_file_read result;
    int code;
} reading;

static void *
read_work(void *argument)
{
    reading *this = argument;

    this->code = rlm_regular_file_read(this->path, this->bytes, this->room, &this->result);
    return NULL;
}

/* Hidden, so that no other thread can change it before it is read. */
static VALUE
make_room(VALUE size)
{
    return rb_str_tmp_new(NUM2LONG(size));
}

static VALUE
refuse_room(VALUE size, VALUE error)
{
    (void) error;
    lack_memory(size);
}

/*
 * @param path [String, Pathname]
 * @return [String] binary; shorter than the file was when it ends earlier by now
 * @raise [SystemCallError] when it cannot be opened or read
 * @raise [Error] when it is not a regular file, too large, or does not fit into memory
 */
static VALUE
regular_file_s_read(VALUE module, VALUE path)
{
    VALUE name = native_path(path), size, bytes;
    reading this = {.path = StringValueCStr(name)};

    (void) module;
    native_check_file(rlm_regular_file_check(this.path, &this.result.file), &this.result, name);
    do {
        this.room = (size_t) this.result.file.st_size;
        size = SIZET2NUM(this.room);
        bytes = rb_rescue2(make_room, size, refuse_room, size, rb_eNoMemError, (VALUE) 0);
        this.bytes = RSTRING_PTR(bytes);
        native_without_gvl_always(read_work, &this);
    } while (this.code == RLM_LITTLE_ROOM); /* it was replaced by a larger one */
    native_check_file(this.code, &this.result, name);
    RB_GC_GUARD(name);
    rb_obj_reveal(bytes, rb_cString);
    return rb_str_resize(bytes, (long) this.result.length);
}

/* ---- Writing ---- */

typedef struct {
    const char *path;
    rlm_slice bytes;
    bool with_folder;
    rlm_file_written written;
    int code;
} writing;

static void *
write_work(void *argument)
{
    writing *this = argument;

    this->code =
        rlm_atomic_file_write(this->path, this->bytes.bytes, this->bytes.length, this->with_folder, &this->written);
    return NULL;
}

static VALUE
stamp_of(const struct stat *file)
{
#ifdef __APPLE__
    const struct timespec *time = &file->st_mtimespec;
#else
    const struct timespec *time = &file->st_mtim;
#endif
    return rb_ary_new_from_args(3, rb_time_timespec_new(time, INT_MAX - 1), ULL2NUM(file->st_ino),
                                OFFT2NUM(file->st_size));
}

static VALUE
write_file(VALUE path, VALUE bytes, bool with_folder)
{
    VALUE name = native_path(path), held;
    writing this = {.path = StringValueCStr(name), .with_folder = with_folder};

    StringValue(bytes);
    held = rb_str_new_frozen(bytes); /* no other thread can change it meanwhile */
    this.bytes = native_slice(held);
    native_without_gvl_always(write_work, &this);
    RB_GC_GUARD(held);
    if (this.code == RLM_IRREGULAR_FILE) {
        rb_raise(native_error_class, "%" PRIsVALUE " must be a regular file, got a %s. It was not changed", name,
                 kind_of(&this.written.file));
    }
    if (this.code != 0) rb_syserr_fail_str(this.code, rb_str_subseq(name, 0, (long) this.written.named));
    RB_GC_GUARD(name);
    return stamp_of(&this.written.file);
}

/*
 * Write a file so that readers see either the old one or the new one, never a part. An exception from another thread
 * waits until that is done.
 *
 * The mode of an existing file is kept, without its bits that let everybody write or execute it. A symbolic link is
 * replaced, never followed. Drafts of killed writers are removed.
 *
 * @param path [String, Pathname]
 * @param bytes [String]
 * @return [Array(Time, Integer, Integer)] when the new file was written, its inode and its size
 * @raise [SystemCallError] the old file is then unchanged
 * @raise [Error] when the path is not a regular file
 */
static VALUE
atomic_file_s_write(VALUE module, VALUE path, VALUE bytes)
{
    (void) module;
    return write_file(path, bytes, false);
}

/*
 * Write a file like {write}, and make the folders of its path where they are missing.
 *
 * @param path [String, Pathname]
 * @param bytes [String]
 * @return [Array(Time, Integer, Integer)] like {write}
 * @raise [SystemCallError, Error] like {write}; names the folder when one cannot be made
 */
static VALUE
atomic_file_s_write_with_folder(VALUE module, VALUE path, VALUE bytes)
{
    (void) module;
    return write_file(path, bytes, true);
}

static void
init_regular_file(VALUE native)
{
    VALUE regular_file = rb_define_module_under(native, "RegularFile");

    rb_define_singleton_method(regular_file, "read", regular_file_s_read, 1);
    /* The most bytes that a file may have, and a stored registry anywhere else. */
    rb_define_const(regular_file, "LIMIT", UINT2NUM(RLM_CAP_FILE));
}

/*
 * Document-module: RubyLLM::Native::AtomicFile
 *
 * @api private
 */
void
native_init_files(VALUE native)
{
    VALUE atomic_file = rb_define_module_under(native, "AtomicFile");

    rb_define_singleton_method(atomic_file, "write", atomic_file_s_write, 2);
    rb_define_singleton_method(atomic_file, "write_with_folder", atomic_file_s_write_with_folder, 2);
    init_regular_file(native);
}
