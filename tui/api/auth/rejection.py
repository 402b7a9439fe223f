"""Say why the server probably rejected a token."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tui.api.auth.token_source import TokenFacts
from tui.core.durations import rough_duration


class TokenRejection(NamedTuple):
    """Why the server rejected a token, and a remedy."""

    cause: str
    remedy: str
    is_known: bool = False
    """Whether the cause is certain; if not, the server's message takes precedence."""


def token_rejection(facts: TokenFacts, now: datetime) -> TokenRejection:
    """Return the probable reason for a rejected token.

    Args:
        facts: Facts about the token.
        now: The server's time if known, otherwise local time; aware.
    """
    expires_at = facts.expires_at
    if expires_at is None:
        return TokenRejection("the token was rejected: it has expired or belongs elsewhere", facts.remedy)
    if expires_at > now:
        return TokenRejection(
            "the token was rejected before its time: it was revoked or belongs elsewhere", facts.remedy
        )
    return TokenRejection(
        f"the token expired {rough_duration((now - expires_at).total_seconds())} ago", facts.remedy, is_known=True
    )
