/* Error messages as providers and their proxies write them: JSON of several shapes, or an HTML page. */
#include "sources/error_body.h"

#include <string.h>

rlm_slice
rlm_error_body_message(const rlm_value *body)
{
    static const char *const keys[] = {"message", "detail", "Message", "err_msg"};
    const rlm_value *error = rlm_value_get(body, "error");
    rlm_slice text = rlm_value_text(error);

    if (body == NULL) return text;
    if (body->kind == RLM_ARRAY) return rlm_error_body_message(body->first);
    if (text.length == 0) text = rlm_value_text(rlm_value_get(error, "message"));
    for (size_t i = 0; text.length == 0 && i < sizeof keys / sizeof *keys; i++) {
        const rlm_value *value = rlm_value_get(body, keys[i]);

        text = rlm_value_text(value);
        if (text.length == 0 && value != NULL && value->kind == RLM_ARRAY)
            text = rlm_value_text(rlm_value_get(value->first, "msg"));
        if (text.length == 0) text = rlm_value_text(rlm_value_get(value, "message"));
    }
    return text;
}

/* Where `text` first stands in `slice`, in any case; slice.length if nowhere. */
static size_t
find_word(rlm_slice slice, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= slice.length; i++) {
        if (rlm_ascii_alike(slice.bytes + i, text, length)) return i;
    }
    return slice.length;
}

rlm_slice
rlm_error_body_title(rlm_slice html)
{
    size_t start = find_word(html, "<title>");
    rlm_slice title = {NULL, 0};

    if (start == html.length) return title;
    start += strlen("<title>");
    title = (rlm_slice){html.bytes + start, html.length - start};
    title.length = find_word(title, "</title>");
    while (title.length > 0 &&
           ((*title.bytes >= '0' && *title.bytes <= '9') || *title.bytes == ' ' || *title.bytes == '\n')) {
        title.bytes++;
        title.length--;
    }
    return title;
}
