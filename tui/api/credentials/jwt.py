"""Reads when a token says that it ends. Verifies nothing and trusts nothing: a hint for people and for renewing in time. Pure."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

from pydantic import SecretStr
from pydantic_core import from_json

from tui.core.timestamps import NEWEST_YEAR, OLDEST_YEAR

LARGEST_PAYLOAD = 16_384
"""Characters of the middle part; real ones have a few hundred to a few thousand."""


def expires_at(token: SecretStr) -> datetime | None:
    """Return the moment in the token's `exp`, aware and in UTC; None if it is no JWT, or says nothing that makes sense."""
    parts = token.get_secret_value().strip().split(".", 3)
    if len(parts) != 3 or len(parts[1]) > LARGEST_PAYLOAD:
        return None
    try:
        claims = from_json(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return _moment(claims.get("exp")) if isinstance(claims, dict) else None


def _moment(exp: object) -> datetime | None:
    """Return the moment of a NumericDate: seconds since 1970 as a number (RFC 7519, section 2)."""
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(exp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if OLDEST_YEAR < moment.year <= NEWEST_YEAR else None
