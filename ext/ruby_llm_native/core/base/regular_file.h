/*
 * Reading a file that may have been replaced by something else: a FIFO, a terminal or a device would block without end,
 * and a size that is only claimed would be allocated.
 *
 * The caller checks the path, which is quick, makes room, and reads in one call, which may block: each of the system
 * calls in it alone would cost a caller with an interpreter another wait for that.
 */
#ifndef RLM_REGULAR_FILE_H
#define RLM_REGULAR_FILE_H

#include "base/buffer.h"

#include <sys/stat.h>

/* What these calls return beside the errno of what failed, and 0 for success. */
#define RLM_IRREGULAR_FILE (-1)
#define RLM_LARGE_FILE (-2)  /* it has more than RLM_CAP_FILE bytes */
#define RLM_LITTLE_ROOM (-3) /* for a file of its size */
#define RLM_BAD_FILE (-4)    /* its first bytes do not tell how many are to be read */
#define RLM_NO_MEMORY (-5)   /* for those that are */

/* The beginning of a file: its first `head` bytes tell `claim` how long it is, of the `available` bytes at most. */
typedef struct {
    size_t head;
    rlm_status (*claim)(const char *bytes, size_t length, size_t available, size_t *size, rlm_error *error);
} rlm_file_part;

typedef struct {
    struct stat file;
    size_t length;   /* bytes that were read, fewer when the file ends earlier; RLM_NO_MEMORY: that were to be read */
    rlm_error error; /* RLM_BAD_FILE: the claim's */
} rlm_file_read;

/*
 * Whether what stands at the path may be opened, because opening a device can already have an effect. 0,
 * RLM_IRREGULAR_FILE or RLM_LARGE_FILE, and `*file` is what stands there; or an errno. One look, at no file's content.
 */
RLM_NODISCARD int
rlm_regular_file_check(const char *path, struct stat *file) RLM_NONNULL();

/*
 * Read a file that was checked into the `room` bytes at `bytes`. It is checked again, for it may be another one by now.
 * Any thread.
 */
RLM_NODISCARD int
rlm_regular_file_read(const char *path, char *bytes, size_t room, rlm_file_read *result) RLM_NONNULL(1, 4);

/* The same for a part of it, into an empty buffer, which has exactly as much room as the part needs. */
RLM_NODISCARD int
rlm_regular_file_read_part(const char *path, const rlm_file_part *part, rlm_buffer *out, rlm_file_read *result)
    RLM_NONNULL();

#endif
