"""Cuts secrets out of texts that others wrote: error bodies repeat headers, programs print what they were given. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # heavy, and the log needs no more of it than the name
    from pydantic import SecretStr

SHORTEST_SECRET = 8
"""Characters; shorter ones, such as the simulator's `demo`, are words that stand in texts by chance."""

_JWT = re.compile(r"eyJ[\w-]{5,}(?:\.[\w-]*){0,4}", re.ASCII)

_NAMED = re.compile(r"bearer\s+\S+|(?:token|secret|password)\"?\s*[=:]\s*\S+", re.ASCII | re.IGNORECASE)


def without_named(text: str) -> str:
    """Return `text` without what is called a secret in it, whatever it looks like: `password=…`, `Bearer …`."""
    return _NAMED.sub("[secret]", text)


def redacted(text: str, *secrets: SecretStr | None) -> str:
    """Return `text` without these secrets, and without anything that looks like a JWT."""
    for secret in secrets:
        if secret is not None and len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret.get_secret_value(), "[secret]")
    return _JWT.sub("[secret]", text)
