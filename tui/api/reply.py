"""One answer as it arrived, and what can be read of it whatever its status. Judges no status and knows no job."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from httpx import Headers
from pydantic import JsonValue, SecretStr

from tui.api.errors import BadAnswer, Evidence
from tui.api.redaction import SHORTEST_SECRET, redacted
from tui.api.timestamps import NEWEST_YEAR, OLDEST_YEAR
from tui.api.wire import decode
from tui.text import one_line

_CUT_SHORT = "the answer is cut short", "try again; if it stays so, ask who runs the server or the proxy"
"""What failed, and what to do."""

_LONGEST_MESSAGE, _LONGEST_CORRELATION, _LARGEST_EXPLANATION = 200, 80, 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer, its body unpacked. What the server wrote may hold a token, which no crash report should show."""

    status: int
    reason: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    secrets: tuple[SecretStr, ...] = ()
    """What was sent to be let in, cut out of everything that is shown of the answer: servers repeat what they were sent."""

    @property
    def correlation_id(self) -> str | None:
        """The id that support asks for, from the header or the error body, safe to show; None if there is none."""
        sent = self.headers.get("x-vol-correlation") or self._explanation().get("correlationId")
        return self.shown(sent, _LONGEST_CORRELATION) or None if isinstance(sent, str) else None

    @property
    def server_time(self) -> datetime | None:
        """The server's clock when it answered; None if it did not say."""
        return http_date(self.headers.get("date", ""))

    @property
    def evidence(self) -> Evidence:
        """What an error of this answer carries."""
        return Evidence(correlation_id=self.correlation_id, http_status=self.status)

    @property
    def words(self) -> str:
        """What the server itself says about its error, as one safe line; empty if that is nothing."""
        said = self._explanation()
        texts = (said.get("message"), said.get("error"), self.reason)
        return next((self.shown(text) for text in texts if isinstance(text, str) and text.strip()), "")

    def without_secrets(self) -> Reply:
        """Return the answer without what was sent to be let in, should its body repeat it."""
        body = self.body
        for secret in self.secrets:
            sent = secret.get_secret_value().encode()
            if len(sent) >= SHORTEST_SECRET and sent in body:
                body = body.replace(sent, b"[secret]")
        return self if body is self.body else replace(self, body=body)

    def shown(self, text: str, longest: int = _LONGEST_MESSAGE) -> str:
        """Return what the server wrote as one safe line; secrets go before it is cut, for half of one is still a part of it."""
        return redacted(one_line(text).strip(), *self.secrets)[:longest]

    def json(self) -> JsonValue:
        """Return the JSON of the body as it was sent.

        Raises:
            BadAnswer: The body is no JSON; the text says what it is instead (faults.md, row 9).
        """
        problem, remedy = _problem(self.body), None
        if problem is None:
            try:
                return decode(self.body)
            except ValueError as error:
                problem = f"the answer is not JSON: {one_line(str(error))[:80]}"
                if "EOF" in str(error):
                    problem, remedy = _CUT_SHORT
        raise BadAnswer(problem, remedy=remedy, **self.evidence)

    def _explanation(self) -> dict[str, JsonValue]:
        """The object in the body of an error; empty where there is none."""
        if self.status < 400 or not self.body.lstrip().startswith(b"{") or len(self.body) > _LARGEST_EXPLANATION:
            return {}
        try:
            value = decode(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def http_date(text: str) -> datetime | None:
    """Return the moment that a header names, aware and in UTC; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware.astimezone(UTC) if OLDEST_YEAR < aware.year < NEWEST_YEAR else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _problem(body: bytes) -> str | None:
    """Say what a body is that cannot be JSON, or None."""
    if not body.strip():
        return "the answer is empty"
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return "the answer begins with a byte order mark, which JSON does not have"
    if body.lstrip().startswith(b"<"):
        return "the answer is HTML, not JSON"
    return None
