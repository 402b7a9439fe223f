"""Explain why an upload created no job, from a response that the user pasted. Pure."""

from __future__ import annotations

from tui.api.raw_response import shown_correlations
from tui.api.server_words import fitting_remedy, said_by, said_in
from tui.core.paste import AnswerError
from tui.core.redaction import redacted
from tui.core.text import one_line
from tui.domain.errors import ApiError, BadAnswer, Unauthorised

LONGEST_WORDS = 300

_REFUSED = frozenset({401, 403})

_PAGE_REMEDY = (
    "a gateway, proxy or login page answered instead of the API: check the address and the token of the upload"
)


def failed_upload(error: AnswerError) -> ApiError:
    """Return the error in a pasted response: Unauthorised if the token is the cause, with the server's message."""
    body = said_in(error.body.encode(errors="replace")).words if isinstance(error.body, str) else error.body
    said = said_by(body)  # type: ignore[arg-type]  # JSON without fractions
    status = f"{error.status or ''} {error.reason}".strip()
    unsaid = "a page without a title" if error.is_page else "the response is an error without words"
    words = redacted(one_line(said.words or status or unsaid))[:LONGEST_WORDS]
    correlation = shown_correlations(
        error.correlation_id, said.correlation_id, lambda sent, longest: redacted(one_line(sent))[:longest]
    )
    if error.status in _REFUSED or said.is_about_access:
        remedy = _PAGE_REMEDY if error.is_page else "renew the token of the upload and upload again"
        return Unauthorised(words, remedy=remedy, correlation_id=correlation, http_status=error.status)
    remedy = f"the upload made no job: {fitting_remedy(words) or 'correct it and upload again'}"
    if error.is_page:
        remedy = _PAGE_REMEDY
    return BadAnswer(words, remedy=remedy, correlation_id=correlation, http_status=error.status)
