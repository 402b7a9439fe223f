"""Words for a token that the API did not take: why, and what to do about it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tui.api.credentials.source import TokenFacts
from tui.core.text import rough


class Refusal(NamedTuple):
    """Why a token was refused, and what to do about it."""

    cause: str
    remedy: str
    is_known: bool = False
    """Whether the cause is known, and not a guess that any word of the server is better than."""


def refusal(facts: TokenFacts, now: datetime) -> Refusal:
    """Return why a token was refused, as far as can be known here.

    Args:
        facts: Of that token.
        now: The server's time if known, else ours; aware.
    """
    expires_at = facts.expires_at
    if expires_at is None:
        return Refusal("the token was refused: it has expired or belongs elsewhere", facts.remedy)
    if expires_at > now:
        return Refusal("the token was refused before its time: it was revoked or belongs elsewhere", facts.remedy)
    return Refusal(f"the token expired {rough((now - expires_at).total_seconds())} ago", facts.remedy, is_known=True)
