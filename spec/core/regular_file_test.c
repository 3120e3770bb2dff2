/* Files that are read whole or in part, and what may stand in their place. */
#define _DEFAULT_SOURCE /* mkdtemp, mkfifo */

#include "base/caps.h"
#include "base/regular_file.h"
#include "folder.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char bytes[64];
static rlm_file_read result;
static size_t most; /* that one read gives; 0: no bound */
static int interrupts;

ssize_t
__real_read(int descriptor, void *into, size_t length);

ssize_t
__wrap_read(int descriptor, void *into, size_t length);

ssize_t
__wrap_read(int descriptor, void *into, size_t length)
{
    if (interrupts > 0) {
        interrupts--;
        errno = EINTR;
        return -1;
    }
    return __real_read(descriptor, into, most > 0 && length > most ? most : length);
}

static bool
put(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");

    return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

static int
check(const char *name)
{
    return rlm_regular_file_check(in_folder(name), &result.file);
}

static int
read_whole(const char *name, size_t room)
{
    return rlm_regular_file_read(in_folder(name), bytes, room, &result);
}

/* The first byte is a digit that says how many are wanted. */
static rlm_status
claim(const char *head, size_t length, size_t available, size_t *size, rlm_error *error)
{
    *size = length > 0 ? (size_t) (head[0] - '0') : SIZE_MAX;
    return *size <= available ? RLM_OK : rlm_error_set(error, RLM_BAD_BLOCK, "%zu of %zu", length, available);
}

static int
read_part(const char *name)
{
    static const rlm_file_part digit = {1, claim};
    rlm_buffer out;
    int code;

    rlm_buffer_init(&out, RLM_CAP_FILE);
    code = rlm_regular_file_read_part(in_folder(name), &digit, &out, &result);
    if (code == 0 && result.length <= sizeof bytes && out.length == result.length) memcpy(bytes, out.bytes, out.length);
    rlm_buffer_free(&out);
    return code;
}

static rlm_slice
got(void)
{
    return (rlm_slice){bytes, result.length};
}

TEST
reads_all_of_a_file(void)
{
    ASSERT(put("a", "some text") && check("a") == 0 && result.file.st_size == 9);
    ASSERT(read_whole("a", sizeof bytes) == 0);
    ASSERT_TEXT("some text", got());
    ASSERT(put("a", "") && read_whole("a", 0) == 0 && result.length == 0);
    PASS();
}

TEST
reads_what_the_first_bytes_ask_for(void)
{
    ASSERT(put("a", "5678 and more") && read_part("a") == 0);
    ASSERT_TEXT("5678 ", got());
    ASSERT(put("a", "1") && read_part("a") == 0);
    ASSERT_TEXT("1", got());
    PASS();
}

TEST
reads_on_after_signals_and_when_it_gets_little(void)
{
    ASSERT(put("a", "9 letters and more"));
    most = 2;
    for (int times = 0; times < 4; times++) {
        interrupts = times;
        ASSERT(read_part("a") == 0 && interrupts == 0);
        ASSERT_TEXT("9 letters", got());
        interrupts = times;
        ASSERT(read_whole("a", sizeof bytes) == 0 && interrupts == 0);
        ASSERT_TEXT("9 letters and more", got());
    }
    most = 0;
    PASS();
}

TEST
says_when_there_is_no_room(void)
{
    ASSERT(put("a", "5678 and more") && read_whole("a", 12) == RLM_LITTLE_ROOM && result.file.st_size == 13);
    rlm_memory_fail_at(1);
    ASSERT(read_part("a") == RLM_NO_MEMORY && result.length == 1);
    rlm_memory_fail_at(0);
    PASS();
}

TEST
believes_no_claim_beyond_the_file(void)
{
    ASSERT(put("a", "92") && read_part("a") == RLM_BAD_FILE);
    ASSERT(result.error.status == RLM_BAD_BLOCK && strcmp(result.error.message, "1 of 2") == 0);
    ASSERT(put("a", "") && read_part("a") == RLM_BAD_FILE);
    ASSERT(strcmp(result.error.message, "0 of 0") == 0);
    PASS();
}

TEST
opens_and_reads_nothing_but_files(void)
{
    ASSERT(mkdir(in_folder("folder"), 0700) == 0 && mkfifo(in_folder("fifo"), 0600) == 0);
    ASSERT(check("folder") == RLM_IRREGULAR_FILE && S_ISDIR(result.file.st_mode));
    ASSERT(read_whole("folder", sizeof bytes) == RLM_IRREGULAR_FILE && S_ISDIR(result.file.st_mode));
    ASSERT(check("fifo") == RLM_IRREGULAR_FILE && S_ISFIFO(result.file.st_mode));
    ASSERT(read_whole("fifo", sizeof bytes) == RLM_IRREGULAR_FILE && S_ISFIFO(result.file.st_mode));
    PASS();
}

TEST
tells_what_the_system_says(void)
{
    ASSERT(check("none") == ENOENT && read_whole("none", sizeof bytes) == ENOENT);
    ASSERT(put("a", "") && check("a/b") == ENOTDIR && read_whole("a/b", sizeof bytes) == ENOTDIR);
    PASS();
}

TEST
takes_files_up_to_the_cap(void)
{
    ASSERT(put("large", "1") && truncate(in_folder("large"), RLM_CAP_FILE) == 0);
    ASSERT(check("large") == 0 && read_part("large") == 0);
    ASSERT(truncate(in_folder("large"), (off_t) RLM_CAP_FILE + 1) == 0);
    ASSERT(check("large") == RLM_LARGE_FILE && read_part("large") == RLM_LARGE_FILE);
    PASS();
}

static void
clean_up(void)
{
    const char *left[] = {"a", "folder", "fifo", "large"};

    remove_folder(left, sizeof left / sizeof *left);
}

int
main(void)
{
    int tests = 0, failures = 0;

    if (!make_folder()) return 1;
    RUN(reads_all_of_a_file);
    RUN(reads_what_the_first_bytes_ask_for);
    RUN(reads_on_after_signals_and_when_it_gets_little);
    RUN(says_when_there_is_no_room);
    RUN(believes_no_claim_beyond_the_file);
    RUN(opens_and_reads_nothing_but_files);
    RUN(tells_what_the_system_says);
    RUN(takes_files_up_to_the_cap);
    clean_up();
    return REPORT("regular_file");
}
