#define _DEFAULT_SOURCE /* O_CLOEXEC */

#include "base/regular_file.h"

#include "base/caps.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A FIFO in place of the file that was checked must not block, and a terminal not become this process's. */
#define FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static int
check(const struct stat *file)
{
    if (!S_ISREG(file->st_mode)) return RLM_IRREGULAR_FILE;
    return file->st_size > (off_t) RLM_CAP_FILE ? RLM_LARGE_FILE : 0;
}

int
rlm_regular_file_check(const char *path, struct stat *file)
{
    return stat(path, file) == 0 ? check(file) : errno;
}

/* Read on until there are `wanted` bytes, or the file ends. */
static int
fill(int descriptor, char *bytes, size_t wanted, size_t *length)
{
    while (*length < wanted) {
        ssize_t got = read(descriptor, bytes + *length, wanted - *length);

        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got < 0 ? errno : 0;
        *length += (size_t) got;
    }
    return 0;
}

static int
open_checked(const char *path, int *descriptor, rlm_file_read *result)
{
    int code;

    result->length = 0;
    rlm_error_clear(&result->error);
    do *descriptor = open(path, FLAGS);
    while (*descriptor < 0 && errno == EINTR);
    if (*descriptor < 0) return errno;
    code = fstat(*descriptor, &result->file) == 0 ? check(&result->file) : errno;
    if (code != 0) close(*descriptor);
    return code;
}

int
rlm_regular_file_read(const char *path, char *bytes, size_t room, rlm_file_read *result)
{
    int descriptor, code = open_checked(path, &descriptor, result);
    size_t wanted;

    if (code != 0) return code;
    wanted = (size_t) result->file.st_size;
    code = wanted > room ? RLM_LITTLE_ROOM : fill(descriptor, bytes, wanted, &result->length);
    close(descriptor);
    return code;
}

static int
fill_buffer(int descriptor, rlm_buffer *out, size_t wanted, rlm_file_read *result)
{
    result->length = wanted;
    if (wanted > out->length && rlm_buffer_reserve(out, wanted - out->length) != RLM_OK) return RLM_NO_MEMORY;
    return fill(descriptor, out->bytes, wanted, &out->length);
}

static int
read_part(int descriptor, const rlm_file_part *part, rlm_buffer *out, rlm_file_read *result)
{
    size_t available = (size_t) result->file.st_size, wanted;
    int code = fill_buffer(descriptor, out, part->head, result);

    if (code != 0) return code;
    if (part->claim(out->bytes, out->length, available, &wanted, &result->error) != RLM_OK) return RLM_BAD_FILE;
    code = fill_buffer(descriptor, out, wanted, result);
    if (code == 0) result->length = out->length;
    return code;
}

int
rlm_regular_file_read_part(const char *path, const rlm_file_part *part, rlm_buffer *out, rlm_file_read *result)
{
    int descriptor, code = open_checked(path, &descriptor, result);

    if (code != 0) return code;
    code = read_part(descriptor, part, out, result);
    close(descriptor);
    return code;
}
