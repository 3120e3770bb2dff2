/* What the body of a failed request says, whichever envelope it comes in. */
#include "parsed.h"
#include "sources/error_body.h"

TEST
finds_the_message_in_every_envelope(void)
{
    /* clang-format off */
    static const struct {
        const char *body, *message;
    } cases[] = {
        {JSON({"error": "no key"}), "no key"},
        {JSON({"error": {"message": "bad key", "code": 401}}), "bad key"},
        {JSON({"message": "closed"}), "closed"},
        {JSON({"Message": "not signed"}), "not signed"},
        {JSON({"detail": "not here"}), "not here"},
        {JSON({"detail": [{"loc": ["query", "a"], "msg": "field required"}]}), "field required"},
        {JSON([{"error": {"message": "the first"}}, {"message": "the second"}]), "the first"},
        {JSON({"error": {"code": 7}}), ""},
        {JSON({"error": null, "message": "after all"}), "after all"},
        {JSON({"detail": [7]}), ""},
        {JSON({"data": []}), ""},
        {"{}", ""},
        {"[]", ""},
        {"7", ""},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ASSERT_TEXT(cases[i].message, rlm_error_body_message(parsed(cases[i].body)));
    ASSERT_TEXT("", rlm_error_body_message(NULL));
    PASS();
}

TEST
finds_the_title_of_a_page(void)
{
    static const struct {
        const char *html, *title;
    } cases[] = {
        {"<html><head><title>401 Authorization Required</title></head>", "Authorization Required"},
        {"<html><title>Sign in</title>", "Sign in"},
        {"<TITLE>502 Bad Gateway</TITLE>", "Bad Gateway"},
        {"<title>Cut o", "Cut o"},
        {"<title></title>", ""},
        {"plain text", ""},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ASSERT_TEXT(cases[i].title, rlm_error_body_title(rlm_slice_of(cases[i].html)));
    PASS();
}

int
main(void)
{
    int tests = 0, failures = 0;

    RUN(finds_the_message_in_every_envelope);
    RUN(finds_the_title_of_a_page);
    parsed_free();
    return REPORT("error_body");
}
