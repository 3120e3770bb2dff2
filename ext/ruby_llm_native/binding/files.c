/* Files that are written in one go without the GVL: beside busy threads each wait for it takes up to 100 ms a thread.
 */
#include "binding.h"

#include "base/atomic_file.h"

typedef struct {
    const char *path;
    rlm_slice bytes;
    struct stat file;
    int code;
} writing;

static void *
write_work(void *argument)
{
    writing *this = argument;

    this->code = rlm_atomic_file_write(this->path, this->bytes.bytes, this->bytes.length, &this->file);
    return NULL;
}

static const char *
kind_of(mode_t mode)
{
    if (S_ISDIR(mode)) return "directory";
    if (S_ISFIFO(mode)) return "fifo";
    if (S_ISSOCK(mode)) return "socket";
    if (S_ISCHR(mode)) return "characterSpecial";
    return S_ISBLK(mode) ? "blockSpecial" : "unknown";
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
    VALUE name = rb_str_new_frozen(rb_get_path(path)), held;
    writing this;

    (void) module;
    StringValue(bytes);
    held = rb_str_new_frozen(bytes); /* no other thread can change it meanwhile */
    this.path = StringValueCStr(name);
    this.bytes = native_slice(held);
    native_without_gvl_always(write_work, &this);
    RB_GC_GUARD(held);
    if (this.code == RLM_IRREGULAR_FILE) {
        rb_raise(native_error_class, "%" PRIsVALUE " must be a regular file, got a %s. It was not changed", name,
                 kind_of(this.file.st_mode));
    }
    if (this.code != 0) rb_syserr_fail_str(this.code, name);
    RB_GC_GUARD(name);
#ifdef __APPLE__
    return rb_ary_new_from_args(3, rb_time_timespec_new(&this.file.st_mtimespec, INT_MAX - 1),
                                ULL2NUM(this.file.st_ino), OFFT2NUM(this.file.st_size));
#else
    return rb_ary_new_from_args(3, rb_time_timespec_new(&this.file.st_mtim, INT_MAX - 1), ULL2NUM(this.file.st_ino),
                                OFFT2NUM(this.file.st_size));
#endif
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
}
