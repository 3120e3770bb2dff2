/*
 * Writing a file so that readers see either the old one or the new one, never a part.
 *
 * The new file is a draft beside the old one until it is on disk. Its writer holds a lock on it, so a draft without a
 * lock was left behind by a killed process, and the next write removes it. All of it is one call, for callers to whom
 * every wait for a system call costs another wait for an interpreter.
 */
#ifndef RLM_ATOMIC_FILE_H
#define RLM_ATOMIC_FILE_H

#include "base/regular_file.h"

typedef struct {
    struct stat file; /* the new one; RLM_IRREGULAR_FILE: what stands there */
    size_t named;     /* so many bytes of the path name what failed: a folder that cannot be made, or all of it */
} rlm_file_written;

/*
 * Keeps the mode of an existing file, without its bits that let everybody write or execute it. A symbolic link is
 * replaced, never followed. `with_folder`: the folders of the path are made where they are missing. 0; otherwise the
 * old file is unchanged: the errno of what failed, or RLM_IRREGULAR_FILE. Blocks; any thread.
 */
RLM_NODISCARD int
rlm_atomic_file_write(const char *path, const void *bytes, size_t length, bool with_folder, rlm_file_written *written)
    RLM_NONNULL(1, 5);

#endif
