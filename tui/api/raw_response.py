"""One HTTP response as it arrived: status, headers, body, evidence for errors."""

from __future__ import annotations

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

_CUT_SHORT = "the answer is cut short", "try again; if it stays so, ask who runs the server or the proxy"

"""What failed, and what to do."""

_LONGEST_MESSAGE, _LONGEST_CORRELATION = 200, 80


@dataclass(frozen=True, slots=True)
class RawResponse:
    """One whole answer, its body unpacked. What the server wrote may hold a token, which no crash report
    should show.
    """

    status: int
    reason: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    secrets: tuple[SecretStr, ...] = ()
    """What was sent to be let in, cut out of everything that is shown of the answer: servers repeat what they were
    sent.
    """

    @property
    def correlation_id(self) -> str | None:
        """The id that support asks for, from the header or the body of an error status, safe to show; None if there is
        none.
        """
        return self._correlation(self.said if self.status >= 400 else Said())

    @property
    def server_time(self) -> datetime | None:
        """The server's clock when it answered; None if it did not say."""
        return http_date(self.headers.get("date", ""))

    @property
    def evidence(self) -> Evidence:
        """What an error of this answer carries; an error body may come with any status."""
        return Evidence(correlation_id=self._correlation(self.said), http_status=self.status)

    @property
    def said(self) -> Said:
        """What the body says of an error, unsafe to show: `words` is fit for that."""
        return said_in(self.body)

    @property
    def words(self) -> str:
        """What the server itself says about its error, as one safe line; empty if its body says nothing."""
        return self.shown(self.said.words)

    @property
    def words_or_reason(self) -> str:
        """The same, or the reason phrase of the status line."""
        return self.words or self.shown(self.reason)

    def without_secrets(self) -> RawResponse:
        """Return the answer without what was sent to be let in, should its body repeat it."""
        body = redacted_body(self.body, *self.secrets)
        return self if body == self.body else replace(self, body=body)

    def shown(self, text: str, longest: int = _LONGEST_MESSAGE) -> str:
        """Return what the server wrote as one safe line; secrets go before it is cut, for half of one is still a part
        of it.
        """
        return redacted(one_line(text).strip(), *self.secrets)[:longest]

    def json(self) -> JsonValue:
        """Return the JSON of the body as it was sent.

        Raises:
            BadAnswer: The body is no JSON; the text says what it is instead (faults.md, row 9).
        """
        problem, remedy = self._problem(), None
        if problem is None:
            try:
                return decode(self.body)
            except ValueError as error:
                problem = f"the answer is not JSON: {one_line(str(error))[:80]}"
                if "EOF" in str(error):
                    problem, remedy = _CUT_SHORT
        raise BadAnswer(problem, remedy=remedy, **self.evidence)

    def _problem(self) -> str | None:
        """Say what a body is that cannot be JSON, or None."""
        if not self.body.strip():
            return "the answer is empty"
        if self.body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            return "the answer begins with a byte order mark, which JSON does not have"
        if self.body.lstrip().startswith(b"<"):
            return f"the answer is HTML, not JSON{f': {self.words}' if self.words else ''}"
        return None

    def _correlation(self, said: Said) -> str | None:
        return shown_correlations(self.headers.get("x-vol-correlation"), said.correlation_id, self.shown)


def shown_correlations(header: str | None, body: str | None, shown: Callable[[str, int], str]) -> str | None:
    """Return what support can search for: the id of the header, then that of the body if it says more; None without
    any.

    Args:
        header: As it was sent.
        body: As it was sent.
        shown: Makes a text of the server safe to show, in at most so many characters.
    """
    first, second = (shown(sent, _LONGEST_CORRELATION) if sent else "" for sent in (header, body))
    return (f"{first} and {second}" if first and second not in first else first or second) or None


def http_date(text: str) -> datetime | None:
    """Return the moment that a header names, aware and in UTC; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware.astimezone(UTC) if OLDEST_YEAR < aware.year < NEWEST_YEAR else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
