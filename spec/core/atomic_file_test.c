/* Files that are replaced in one step. Killed writers and full disks are tested from Ruby, which has processes. */
#define _DEFAULT_SOURCE /* mkdtemp, flock */

#include "base/arena.h"
#include "base/atomic_file.h"
#include "folder.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static rlm_file_written written;

static int
write_text(const char *name, const char *text)
{
    return rlm_atomic_file_write(in_folder(name), text, strlen(text), false, &written);
}

static int
write_with_folder(const char *name, const char *text)
{
    return rlm_atomic_file_write(in_folder(name), text, strlen(text), true, &written);
}

/* Whether the failure is about that, below the folder. */
static bool
is_named(const char *name)
{
    return written.named == strlen(in_folder(name));
}

/* What is in it; "" if it is not there. */
static rlm_slice
read_text(const char *name)
{
    static char text[64];
    int descriptor = open(in_folder(name), O_RDONLY);
    ssize_t length = descriptor < 0 ? 0 : read(descriptor, text, sizeof text);

    if (descriptor >= 0) close(descriptor);
    return (rlm_slice){text, length > 0 ? (size_t) length : 0};
}

static bool
is_there(const char *name)
{
    struct stat found;

    return lstat(in_folder(name), &found) == 0;
}

TEST
replaces_a_file_and_tells_what_it_is(void)
{
    struct stat found;

    ASSERT(write_text("a", "old") == 0);
    ASSERT_TEXT("old", read_text("a"));
    ASSERT(write_text("a", "newer") == 0);
    ASSERT_TEXT("newer", read_text("a"));
    ASSERT(stat(in_folder("a"), &found) == 0);
    ASSERT(written.file.st_size == 5 && written.file.st_ino == found.st_ino && S_ISREG(written.file.st_mode));
    ASSERT(rlm_atomic_file_write(in_folder("a"), NULL, 0, false, &written) == 0 && written.file.st_size == 0);
    PASS();
}

TEST
keeps_the_mode_but_for_what_everybody_may_do(void)
{
    ASSERT(write_text("a", "old") == 0 && chmod(in_folder("a"), 0707) == 0);
    ASSERT(write_text("a", "new") == 0);
    ASSERT((written.file.st_mode & 07777) == 0604);
    PASS();
}

TEST
replaces_a_link_and_not_what_it_points_to(void)
{
    char target[256];

    ASSERT(write_text("target", "precious") == 0);
    snprintf(target, sizeof target, "%s", in_folder("target"));
    ASSERT(symlink(target, in_folder("link")) == 0);
    ASSERT(write_text("link", "new") == 0);
    ASSERT_TEXT("new", read_text("link"));
    ASSERT_TEXT("precious", read_text("target"));
    PASS();
}

TEST
leaves_alone_what_is_no_file(void)
{
    ASSERT(mkdir(in_folder("folder"), 0700) == 0);
    ASSERT(write_text("folder", "new") == RLM_IRREGULAR_FILE && S_ISDIR(written.file.st_mode));
    ASSERT(write_text("nowhere/a", "new") == ENOENT && is_named("nowhere/a"));
    ASSERT(write_text("target/a", "new") == ENOTDIR);
    PASS();
}

TEST
makes_missing_folders_when_it_is_told_to(void)
{
    struct stat found;
    mode_t mask = umask(027);

    ASSERT(write_with_folder("new//one/a", "first") == 0);
    umask(mask);
    ASSERT_TEXT("first", read_text("new/one/a"));
    ASSERT(stat(in_folder("new/one"), &found) == 0 && (found.st_mode & 07777) == 0750);
    ASSERT(write_with_folder("new/one/a", "second") == 0);
    ASSERT_TEXT("second", read_text("new/one/a"));
    PASS();
}

TEST
names_the_folder_that_cannot_be_made(void)
{
    ASSERT(write_text("target", "") == 0 && symlink("nowhere", in_folder("dangling")) == 0);
    ASSERT(write_with_folder("dangling/two/a", "new") == EEXIST && is_named("dangling"));
    ASSERT(write_with_folder("target/two/a", "new") == ENOTDIR && is_named("target/two/a"));
    ASSERT(!is_there("nowhere"));
    PASS();
}

TEST
removes_drafts_that_nobody_has_locked(void)
{
    const char *others[] = {"d.0123456789ab", "d.0123456789abc.tmp", "d.0123456789xy.tmp", "dd.0123456789ab.tmp"};
    int descriptor;

    ASSERT(write_text("d.ABCDEF012345.tmp", "left behind") == 0);
    ASSERT(write_text("d.0123456789ab.tmp", "being written") == 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) ASSERT(write_text(others[i], "other") == 0);
    descriptor = open(in_folder("d.0123456789ab.tmp"), O_RDWR);
    ASSERT(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0);
    ASSERT(write_text("d", "new") == 0);
    ASSERT(!is_there("d.ABCDEF012345.tmp") && is_there("d.0123456789ab.tmp"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) ASSERT(is_there(others[i]));
    close(descriptor);
    ASSERT(write_text("d", "newer") == 0);
    ASSERT(!is_there("d.0123456789ab.tmp"));
    ASSERT_TEXT("newer", read_text("d"));
    PASS();
}

TEST
survives_a_lack_of_memory(void)
{
    ASSERT(write_text("a", "old") == 0);
    for (long nth = 1; nth < 20; nth++) {
        int code;

        rlm_memory_fail_at(nth);
        code = write_text("a", "new");
        rlm_memory_fail_at(0);
        ASSERT(code == 0 || code == ENOMEM);
        ASSERT_TEXT(code == 0 ? "new" : "old", read_text("a"));
        ASSERT(write_text("a", "old") == 0);
        rlm_memory_fail_at(nth);
        code = write_with_folder("new/one/a", "new");
        rlm_memory_fail_at(0);
        ASSERT(code == 0 || code == ENOMEM);
        if (code == 0) ASSERT(remove(in_folder("new/one/a")) == 0);
        (void) remove(in_folder("new/one"));
    }
    PASS();
}

static void
clean_up(void)
{
    const char *left[] = {"a",
                          "target",
                          "dangling",
                          "new/one/a",
                          "new/one",
                          "new",
                          "link",
                          "d",
                          "d.0123456789ab",
                          "d.0123456789abc.tmp",
                          "folder",
                          "d.0123456789xy.tmp",
                          "dd.0123456789ab.tmp"};

    remove_folder(left, sizeof left / sizeof *left);
}

int
main(void)
{
    int tests = 0, failures = 0;

    if (!make_folder()) return 1;
    RUN(replaces_a_file_and_tells_what_it_is);
    RUN(keeps_the_mode_but_for_what_everybody_may_do);
    RUN(replaces_a_link_and_not_what_it_points_to);
    RUN(leaves_alone_what_is_no_file);
    RUN(makes_missing_folders_when_it_is_told_to);
    RUN(names_the_folder_that_cannot_be_made);
    RUN(removes_drafts_that_nobody_has_locked);
    RUN(survives_a_lack_of_memory);
    clean_up();
    return REPORT("atomic_file");
}
