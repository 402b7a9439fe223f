"""Reads what a token command printed: JSON, or the token alone. Pure; no error quotes any of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue, SecretBytes, SecretStr
from pydantic_core import from_json

from tui.api.credentials.checked import checked
from tui.api.credentials.issued import Issued
from tui.core.errors import ConfigError
from tui.core.timestamps import parse

LONGEST_LIFE_S = 366 * 86_400.0
"""Longer lives are no lives but placeholders; none is known then."""


@dataclass(frozen=True, slots=True)
class _Found:
    token: SecretStr | None = None
    expires_at: datetime | None = None
    problem: str = ""


def issued_in(output: SecretBytes, *, origin: str, now: datetime) -> Issued:
    """Return the token in `output`.

    Args:
        output: A JSON object with `access_token` or `token`, and perhaps `expires_in` (seconds) or `expires_at` or `expiration`
            (RFC 3339); or one line that is the token.
        origin: Who printed it, for errors.
        now: Our own time, to which `expires_in` refers; aware.

    Raises:
        ConfigError: It is neither.
    """
    found = _object(output, now) if output.get_secret_value().lstrip().startswith((b"{", b"[", b'"')) else _line(output)
    if found.token is None:
        raise ConfigError(f"{origin} {found.problem}", "it has to print the token alone, or JSON with access_token")
    return Issued(checked(found.token, origin), found.expires_at)


def life_s(value: JsonValue) -> float | None:
    """Return the seconds that an `expires_in` names, above 0 and up to a year; None if it names none. Some servers send digits as text."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value <= LONGEST_LIFE_S and math.isfinite(value) else None


def _line(output: SecretBytes) -> _Found:
    text = output.get_secret_value().decode(errors="replace").strip()
    if len(text.splitlines()) > 1:
        return _Found(problem="printed several lines")
    return _Found(SecretStr(text))


def _object(output: SecretBytes, now: datetime) -> _Found:
    try:
        fields = from_json(output.get_secret_value())
    except ValueError:
        return _Found(problem="printed JSON that cannot be read")
    if not isinstance(fields, dict):
        return _Found(problem="printed JSON that is no object")
    token = fields.get("access_token", fields.get("token"))
    if not isinstance(token, str):
        return _Found(problem="printed JSON without access_token")
    return _Found(SecretStr(token), _end(fields, now))


def _end(fields: dict[str, JsonValue], now: datetime) -> datetime | None:
    seconds = life_s(fields.get("expires_in"))
    if seconds is not None:
        return now + timedelta(seconds=seconds)
    text = fields.get("expires_at", fields.get("expiration"))
    return parse(text) if isinstance(text, str) else None
