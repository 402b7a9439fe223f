"""Words for a token that the API did not take: why, and what to do about it. Pure."""

from __future__ import annotations

from datetime import datetime

from tui.api.credentials.source import TokenFacts
from tui.text import rough


def refusal(facts: TokenFacts, now: datetime) -> tuple[str, str]:
    """Return why a token was refused, as far as it can be told, and what to do about it.

    Args:
        facts: Of that token.
        now: The server's time if known, else ours; aware.
    """
    return _cause(facts.expires_at, now), facts.remedy


def _cause(expires_at: datetime | None, now: datetime) -> str:
    if expires_at is None:
        return "the token was refused: it has expired or belongs elsewhere"
    if expires_at > now:
        return "the token was refused before its time: it was revoked or belongs elsewhere"
    return f"the token expired {rough((now - expires_at).total_seconds())} ago"
