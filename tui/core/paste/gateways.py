"""Find failed HTTP responses in text, as curl and httpie print them, and pages of gateways.

Pure.
"""

from __future__ import annotations

import re

from tui.core.paste.answers import AnswerError
from tui.core.paste.documents import documents
from tui.core.paste.mentions import blanked

_STATUS_LINE = re.compile(
    r"^[ \t]*(?:< ?)?HTTP/\d(?:\.\d)?[ \t]+(?P<status>\d{3})(?:[ \t]+(?P<reason>[^\n]{0,100}))?[ \t]*$", re.MULTILINE
)

_TUNNEL = re.compile(r"connection established", re.IGNORECASE)

_CLIENT = re.compile(
    r"""
    ^curl:[ ]\(\d{1,3}\)[ ](?P<curl>[^\n]{1,300})$
  | ^[^\n]{0,200}?(?P<other>
        returned[ ](?:an[ ])?error:[ ](?:\(|HTTP/[\d.]+[ ])[45]\d\d[^\n]{0,200}      # PowerShell, wget
      | \bERROR[ ][45]\d\d:[ ][^\n]{1,200}                                       # wget
      | \b[45]\d\d[ ](?:Client|Server)[ ]Error:[ ][^\n]{1,200}                   # Python's requests
    )$
    """,
    re.MULTILINE | re.VERBOSE,
)
"""Error messages of HTTP clients."""

_STATUS = re.compile(r"(?<!\d)[45]\d\d(?!\d)")

_XML_WORDS = re.compile(
    r"<(?:[\w-]{1,40}:)?(?:error)?(?:message|faultstring|error_description)\b[^<>]{0,100}>([^<]{1,300})<", re.IGNORECASE
)

_HTML = re.compile(r"\s*<(?:!doctype html|html|head)\b", re.IGNORECASE)

_HTML_LINE = re.compile(r"^[ \t]*<(?:!doctype html|html|head)\b", re.IGNORECASE | re.MULTILINE)

_REASONS = (
    r"(?:Bad Request|Unauthorized|Forbidden|Access Denied|Not Found|page not found|Method Not Allowed|Request Timeout|Payload Too Large"
    r"|Too Many Requests|Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out|no healthy upstream"
    r"|upstream (?:connect error|request timeout)[^\n]{0,200}|default backend - 404)"
)

_PLAIN = re.compile(rf"(?:(?:HTTP )?(?:Error )?(?P<status>[45]\d\d)[ :-]{{1,3}})?{_REASONS}\.?", re.IGNORECASE)

_HEADER = re.compile(r"^(?:[<>*] ?[^\n]*|[ \t]*[A-Za-z][\w-]{0,60}:[^\n]*|[ \t]*)$", re.MULTILINE)

_CORRELATION = re.compile(r"^(?:< ?)?x-vol-correlation:[ \t]*([^\n]{1,80})", re.MULTILINE | re.IGNORECASE)


def failed_answers(text: str) -> tuple[tuple[AnswerError, ...], str]:
    """Return the errors of failed HTTP responses in a text, and the text without these responses.

    Ignores redirects before another response, and responses to CONNECT.
    """
    lines = [
        line
        for line in _STATUS_LINE.finditer(text)
        if not line["status"].startswith("1") and not _TUNNEL.match(line["reason"] or "")
    ]
    ends = (*(line.start() for line in lines[1:]), len(text))
    errors: list[AnswerError] = []
    spans: list[tuple[int, int]] = []
    for line, end in zip(lines, ends, strict=False):
        status = int(line["status"])
        if status >= 400 or (status >= 300 and end == len(text)):
            errors.append(_answer_error(status, (line["reason"] or "").strip(), text[line.end() : end]))
            spans.append((line.start(), end))
    for client in () if lines else _CLIENT.finditer(text):
        words = client["curl"] or client["other"]
        said = _STATUS.search(words)
        errors.append(AnswerError(words, int(said[0]) if said else None))
        spans.append(client.span())
    return tuple(errors), blanked(text, spans)


def without_headers(text: str) -> str:
    """Return HTTP responses without status lines and headers; any other text unchanged."""
    return _HEADER.sub("", _STATUS_LINE.sub("", text)) if "HTTP/" in text and _STATUS_LINE.search(text) else text


def plain_failure(text: str) -> AnswerError | None:
    """Return the error of a text that is entirely the page of a gateway; None for any other text."""
    if _HTML.match(text):
        return AnswerError(text, is_page=True)
    if text.lstrip().startswith("<") and (said := _XML_WORDS.search(text)):
        return AnswerError(said[1].strip())
    line = text.strip().strip('"')
    page = _PLAIN.fullmatch(line)
    return AnswerError(line, int(page["status"]) if page["status"] else None, is_page=True) if page else None


def _answer_error(status: int, reason: str, rest: str) -> AnswerError:
    """Return the error of one response.

    Args:
        status: Status code.
        reason: Reason phrase.
        rest: Headers and body.
    """
    sent = _CORRELATION.search(rest)
    correlation_id = sent[1].strip() if sent else None
    for document in documents(rest):
        return AnswerError(document.value, status, reason, correlation_id)
    body = _HEADER.sub("", rest).strip()
    page = plain_failure(body)
    is_page = _HTML_LINE.search(rest) is not None or (page is not None and page.is_page)
    return AnswerError(body, status, reason, correlation_id, is_page=is_page)
