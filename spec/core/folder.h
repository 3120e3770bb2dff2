/* A folder of its own for the files of a test. */
#ifndef RLM_FOLDER_H
#define RLM_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static char folder[] = "/tmp/rlm_test_XXXXXX";

static inline bool
make_folder(void)
{
    return mkdtemp(folder) != NULL;
}

/* The path of that file. Valid until the next call. */
static inline const char *
in_folder(const char *name)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* With all that a test may have left in it: what is in a folder before that folder. */
static inline void
remove_folder(const char *const *left, size_t count)
{
    for (size_t i = 0; i < count; i++) (void) remove(in_folder(left[i]));
    (void) remove(folder);
}

#endif
