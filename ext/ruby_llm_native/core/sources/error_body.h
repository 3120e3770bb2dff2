/* What the body of a failed request says. Texts are parts of what was given; allocates nothing, any thread. */
#ifndef RLM_ERROR_BODY_H
#define RLM_ERROR_BODY_H

#include "json/value.h"

/*
 * What an error's body says, from the envelopes in use: `error` as a text, `error.message`, `message`, `detail` as a
 * text or as a list of {loc, msg}, `Message`. A list: of its first element. Empty when it says nothing.
 */
rlm_slice
rlm_error_body_message(const rlm_value *body);

/*
 * What an error's page of HTML is called, without the status that often stands before it ("401 Authorization
 * Required"); else empty.
 */
rlm_slice
rlm_error_body_title(rlm_slice html);

#endif
