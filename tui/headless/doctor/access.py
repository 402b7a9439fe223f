"""Looks at the access token without showing it."""

from __future__ import annotations

from tui.api.auth.token_source import TokenSource
from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.domain.errors import ApiError
from tui.headless.doctor import judging
from tui.headless.doctor.check import Check, failed


async def look_at_token(tokens: TokenSource, clock: Clock) -> tuple[Check, bool]:
    """Return what is to be said of the token, and whether there is one to send: an expired one too, for our clock may be wrong."""
    try:
        await tokens.token()
    except (ApiError, ConfigError) as error:
        return failed("token", error), False
    return judging.access(tokens.facts, clock.now()), True
