"""Read the expiry of a JWT."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

from pydantic import SecretStr
from pydantic_core import from_json

from tui.core.timestamps import NEWEST_YEAR, OLDEST_YEAR

LARGEST_PAYLOAD = 16_384
"""Longest middle part of a JWT, in characters; usual ones have a few hundred to a few thousand."""


def expires_at(token: SecretStr) -> datetime | None:
    """Return the token's `exp`, aware and in UTC; None if the token is no JWT or the value is unusable."""
    parts = token.get_secret_value().strip().split(".", 3)
    if len(parts) != 3 or len(parts[1]) > LARGEST_PAYLOAD:
        return None
    try:
        claims = from_json(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return _moment(claims.get("exp")) if isinstance(claims, dict) else None


def _moment(exp: object) -> datetime | None:
    """Return the time of a NumericDate: seconds since 1970 (RFC 7519, section 2)."""
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(exp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if OLDEST_YEAR < moment.year <= NEWEST_YEAR else None
