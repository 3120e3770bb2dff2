/*
 * Read write_draft for what a write is, and remove_abandoned for what a killed one leaves. Failures of what only tidies
 * up are ignored: the file matters.
 */
#define _DEFAULT_SOURCE /* flock */

#include "base/atomic_file.h"

#include "base/buffer.h"
#include "base/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define DIGITS 12
#define EXTENSION ".tmp"
#define SUFFIX (1 + DIGITS + sizeof EXTENSION) /* ".0123456789ab.tmp" and the NUL */
#define LONGEST_PATH 65536
#define MOST_TRIES 100 /* of names for a draft */

/* What stands at the path; true: nothing that a file may not replace. */
static bool
is_replaceable(const char *path, struct stat *old, bool *exists)
{
    *exists = lstat(path, old) == 0 && !S_ISLNK(old->st_mode);
    return !*exists || S_ISREG(old->st_mode);
}

/* ---- Drafts that were left behind ---- */

/* Up to the last slash, and with it. */
static size_t
folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? 0 : (size_t) (slash - path) + 1;
}

static rlm_status
copy_path(rlm_buffer *copy, const char *path, size_t length, const char *rest)
{
    rlm_buffer_init(copy, LONGEST_PATH);
    RLM_TRY(rlm_buffer_append(copy, path, length));
    return rlm_buffer_append(copy, rest, strlen(rest) + 1);
}

static bool
is_draft_of(const char *name, const char *base)
{
    size_t length = strlen(base);

    if (strlen(name) != length + SUFFIX - 1 || memcmp(name, base, length) != 0 || name[length] != '.') return false;
    name += length + 1;
    return strspn(name, "0123456789abcdefABCDEF") == DIGITS && strcmp(name + DIGITS, EXTENSION) == 0;
}

/* A draft that nobody has locked has no living writer. */
static void
remove_if_abandoned(const char *draft)
{
    struct stat file;
    int descriptor;

    if (lstat(draft, &file) != 0 || !S_ISREG(file.st_mode)) return;
    descriptor = open(draft, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) unlink(draft);
    close(descriptor);
}

static void
remove_abandoned(const char *path)
{
    size_t folder = folder_length(path);
    rlm_buffer name;
    struct dirent *entry;
    DIR *entries = NULL;

    if (copy_path(&name, path, folder, folder == 0 ? "." : "") == RLM_OK) entries = opendir(name.bytes);
    rlm_buffer_free(&name);
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (!is_draft_of(entry->d_name, path + folder)) continue;
        if (copy_path(&name, path, folder, entry->d_name) == RLM_OK) remove_if_abandoned(name.bytes);
        rlm_buffer_free(&name);
    }
    if (entries != NULL) closedir(entries);
}

/* ---- Writing ---- */

/* Another writer may have locked and removed the draft before this one locked it. */
static bool
lock(int descriptor, const char *draft)
{
    struct stat named, opened;

    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return errno != EWOULDBLOCK; /* a file system without locks, where nobody removes drafts */
    return stat(draft, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_ino == opened.st_ino &&
           named.st_dev == opened.st_dev;
}

static mode_t
mode_of(const struct stat *old)
{
    return old->st_mode & (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH);
}

/* With another owner, the same bits would admit other users than before. */
static int
keep_mode(int descriptor, const struct stat *old)
{
    struct stat new;

    if (fstat(descriptor, &new) != 0) return errno;
    if (new.st_uid != old->st_uid || new.st_gid != old->st_gid) return 0;
    return fchmod(descriptor, mode_of(old)) == 0 ? 0 : errno;
}

static int
fill(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length < (1u << 30) ? length : 1u << 30);

        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return written < 0 ? errno : EIO;
        bytes += written;
        length -= (size_t) written;
    }
    return fsync(descriptor) == 0 ? 0 : errno;
}

typedef struct {
    const char *path, *draft, *bytes;
    size_t length;
    const struct stat *old; /* NULL: there is none, or a symbolic link */
    struct stat *file;
} writing;

/* EAGAIN: another writer has removed the draft. */
static int
write_draft(const writing *this, int descriptor)
{
    int code = lock(descriptor, this->draft) ? 0 : EAGAIN;

    if (code == 0 && this->old != NULL) code = keep_mode(descriptor, this->old);
    if (code == 0) code = fill(descriptor, this->bytes, this->length);
    if (code == 0 && fstat(descriptor, this->file) != 0) code = errno;
    if (code == 0 && rename(this->draft, this->path) != 0) code = errno;
    return code;
}

/* A name that no other writer has. */
static void
name_draft(char suffix[SUFFIX], const char *path)
{
    struct {
        struct timespec time;
        const char *path;
        long process;
    } dice;

    memset(&dice, 0, sizeof dice);
    timespec_get(&dice.time, TIME_UTC);
    dice.path = path;
    dice.process = (long) getpid();
    snprintf(suffix, SUFFIX, ".%012llx" EXTENSION,
             (unsigned long long) (rlm_hash_table(&dice, sizeof dice) & 0xFFFFFFFFFFFF));
}

static int
attempt(writing *this)
{
    char suffix[SUFFIX];
    rlm_buffer draft;
    int descriptor, code;

    name_draft(suffix, this->path);
    if (copy_path(&draft, this->path, strlen(this->path), suffix) != RLM_OK) {
        rlm_buffer_free(&draft);
        return ENOMEM;
    }
    this->draft = draft.bytes;
    descriptor = open(draft.bytes, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                      this->old != NULL ? mode_of(this->old) : (mode_t) 0666);
    code = descriptor < 0 ? errno : write_draft(this, descriptor);
    if (descriptor >= 0) close(descriptor);
    if (descriptor >= 0 && code != 0) unlink(draft.bytes);
    rlm_buffer_free(&draft);
    return code;
}

/* A rename is durable once its folder is. Not every system can open a folder. */
static void
sync_folder(const char *path)
{
    size_t folder = folder_length(path);
    rlm_buffer name;
    int descriptor = -1;

    if (copy_path(&name, path, folder, folder == 0 ? "." : "") == RLM_OK)
        descriptor = open(name.bytes, O_RDONLY | O_CLOEXEC);
    rlm_buffer_free(&name);
    if (descriptor < 0) return;
    (void) fsync(descriptor);
    close(descriptor);
}

/* ---- The folder ---- */

static bool
is_folder(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static int
make_folder(const char *path)
{
    int code = mkdir(path, 0777) == 0 ? 0 : errno;

    return code == EEXIST && is_folder(path) ? 0 : code; /* another process may just have made it */
}

/* All folders of the path, from the top. Those that are there are not tried: not every system says that first. */
static int
make_folders(const char *path, size_t *named)
{
    size_t folder = folder_length(path);
    rlm_buffer copy;
    int code = copy_path(&copy, path, folder, "") == RLM_OK ? 0 : ENOMEM;

    for (size_t i = 1; code == 0 && i < folder; i++) {
        if (path[i] != '/' || path[i - 1] == '/') continue;
        copy.bytes[i] = '\0';
        if (!is_folder(copy.bytes)) code = make_folder(copy.bytes);
        copy.bytes[i] = '/';
        if (code != 0) *named = i;
    }
    rlm_buffer_free(&copy);
    return code;
}

/* ---- All of it ---- */

static int
replace(writing *this)
{
    int code = EAGAIN;

    for (int i = 0; i < MOST_TRIES && (code == EAGAIN || code == EEXIST); i++) code = attempt(this);
    return code;
}

int
rlm_atomic_file_write(const char *path, const void *bytes, size_t length, bool with_folder, rlm_file_written *written)
{
    struct stat old;
    bool exists;
    writing this = {.path = path, .bytes = bytes, .length = length, .file = &written->file};
    int code;

    written->named = strlen(path);
    if (!is_replaceable(path, &old, &exists)) {
        written->file = old;
        return RLM_IRREGULAR_FILE;
    }
    if (exists) this.old = &old;
    remove_abandoned(path);
    code = replace(&this);
    if (code == ENOENT && with_folder) {
        code = make_folders(path, &written->named);
        if (code == 0) code = replace(&this);
    }
    if (code == 0) sync_folder(path);
    return code;
}
