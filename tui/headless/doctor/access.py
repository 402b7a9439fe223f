"""Looks at the access token without showing it."""

from __future__ import annotations

from collections.abc import Mapping

from tui.api.credentials import TokenSource
from tui.api.errors import Unauthorised
from tui.clock import Clock
from tui.errors import ConfigError
from tui.headless.doctor import judging
from tui.headless.doctor.check import Check, failed
from tui.settings import Settings
from tui.settings.effective import effective


def look_at_token(tokens: TokenSource, settings: Settings, environ: Mapping[str, str], clock: Clock) -> tuple[Check, bool]:
    """Return what is to be said of the token, and whether there is one to send: an expired one too, for our clock may be wrong."""
    try:
        tokens.token()
    except (Unauthorised, ConfigError) as error:
        return failed("token", error), False
    origin = next(row.value for row in effective(settings, environ) if row.name == "access")
    return judging.access(judging.TokenSeen(origin), clock.now()), True
