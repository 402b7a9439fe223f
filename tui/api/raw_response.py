"""One HTTP response: status, headers, body, and details for errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from httpx import Headers
from pydantic import JsonValue, SecretStr

from tui.api.server_words import Said, said_in
from tui.core.json_decoding import decode
from tui.core.redaction import redacted, redacted_body
from tui.core.text import one_line
from tui.core.timestamps import NEWEST_YEAR, OLDEST_YEAR
from tui.domain.errors import BadAnswer, Evidence

_CUT_SHORT = "the response is cut short", "try again; if it persists, ask who runs the server or the proxy"
"""Message and remedy."""

_NEXT_PAGE = re.compile(r";\s*rel\s*=\s*(?:\"[^\"]*\bnext\b[^\"]*\"|next\b)", re.IGNORECASE)

_LONGEST_MESSAGE, _LONGEST_CORRELATION = 200, 80


@dataclass(frozen=True, slots=True)
class RawResponse:
    """One complete response with its decompressed body. Its `repr` hides the text, which may contain a token."""

    status: int
    reason: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    secrets: tuple[SecretStr, ...] = ()
    """Credentials of the request. They are removed from all shown text, because servers repeat what they receive."""

    @property
    def correlation_id(self) -> str | None:
        """The correlation id from the header or the error body, safe to show; None if there is none."""
        return self._correlation(self.said if self.status >= 400 else Said())

    @property
    def server_time(self) -> datetime | None:
        """The response's `Date`; None if absent."""
        return http_date(self.headers.get("date", ""))

    @property
    def has_next_page(self) -> bool:
        """Whether a `Link` header names a next page."""
        return _NEXT_PAGE.search(self.headers.get("link", "")) is not None

    @property
    def evidence(self) -> Evidence:
        """The details for an error of this response; an error body may come with any status."""
        return Evidence(correlation_id=self._correlation(self.said), http_status=self.status)

    @property
    def said(self) -> Said:
        """The parsed error body, not safe to show; use `words` for that."""
        return said_in(self.body)

    @property
    def words(self) -> str:
        """The server's error message as one safe line; empty if the body has none."""
        return self.shown(self.said.words)

    @property
    def words_or_reason(self) -> str:
        """The server's error message, or else the reason phrase of the status line."""
        return self.words or self.shown(self.reason)

    def without_secrets(self) -> RawResponse:
        """Return the response with the request's credentials removed from its body."""
        body = redacted_body(self.body, *self.secrets)
        return self if body == self.body else replace(self, body=body)

    def shown(self, text: str, longest: int = _LONGEST_MESSAGE) -> str:
        """Return the server's text as one safe line; removes secrets before it truncates the text."""
        return redacted(one_line(text).strip(), *self.secrets)[:longest]

    def json(self) -> JsonValue:
        """Return the decoded JSON body.

        Raises:
            BadAnswer: The body is not JSON; the message describes it (tests/README.md, row 9).
        """
        problem, remedy = self._problem(), None
        if problem is None:
            try:
                return decode(self.body)
            except ValueError as error:
                problem = f"the response is not JSON: {one_line(str(error))[:80]}"
                if "EOF" in str(error):
                    problem, remedy = _CUT_SHORT
        raise BadAnswer(problem, remedy=remedy, **self.evidence)

    def _problem(self) -> str | None:
        """Return why the body cannot be JSON; None if it may be."""
        if not self.body.strip():
            return "the response is empty"
        if self.body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            return "the response begins with a byte order mark, which JSON does not have"
        if self.body.lstrip().startswith(b"<"):
            return f"the response is HTML, not JSON{f': {self.words}' if self.words else ''}"
        return None

    def _correlation(self, said: Said) -> str | None:
        return shown_correlations(self.headers.get("x-vol-correlation"), said.correlation_id, self.shown)


def shown_correlations(header: str | None, body: str | None, shown: Callable[[str, int], str]) -> str | None:
    """Return the correlation ids for support: the header's, then the body's if it differs; None without any.

    Args:
        header: The header's value, verbatim.
        body: The body's value, verbatim.
        shown: Makes a text safe to show, with a maximum length in characters.
    """
    first, second = (shown(sent, _LONGEST_CORRELATION) if sent else "" for sent in (header, body))
    return (f"{first} and {second}" if first and second not in first else first or second) or None


def http_date(text: str) -> datetime | None:
    """Return the time in a header, aware and in UTC; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware.astimezone(UTC) if OLDEST_YEAR < aware.year < NEWEST_YEAR else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
