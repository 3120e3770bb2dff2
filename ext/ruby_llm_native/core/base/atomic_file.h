/*
 * Writing a file so that readers see either the old one or the new one, never a part.
 *
 * The new file is a draft beside the old one until it is on disk. Its writer holds a lock on it, so a draft without a
 * lock was left behind by a killed process, and the next write removes it. All of it is one call, for callers to whom
 * every wait for a system call costs another wait for an interpreter.
 */
#ifndef RLM_ATOMIC_FILE_H
#define RLM_ATOMIC_FILE_H

#include "base/status.h"

#include <sys/stat.h>

#define RLM_IRREGULAR_FILE (-1)

/*
 * Keeps the mode of an existing file, without its bits that let everybody write or execute it. A symbolic link is
 * replaced, never followed. 0, and `*file` is the new file. Otherwise the old one is unchanged: the errno of what
 * failed, or RLM_IRREGULAR_FILE, and `*file` is what stands there. Blocks; any thread.
 */
RLM_NODISCARD int
rlm_atomic_file_write(const char *path, const void *bytes, size_t length, struct stat *file);

#endif
