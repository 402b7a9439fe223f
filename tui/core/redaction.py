"""Remove secrets from external text: servers repeat headers, programs print their arguments."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:  # heavy, and the log needs only the name
    from pydantic import SecretStr


SHORTEST_SECRET = 8
"""Characters; a shorter secret may occur by chance, so only whole words are removed."""

PUBLIC_SECRET = "demo"  # noqa: S105  # the simulator's own
"""Token and shared secret of the simulator; public, never removed."""

_JSON_WORDS = frozenset({b"true", b"false", b"null"})

_JWT = re.compile(r"eyJ[\w-]{5,}(?:\.[\w-]*){0,4}", re.ASCII)

_NAMES = r"(?:token|secret|passw(?:or)?d|passphrase|pwd|(?:api|access|secret)[ _-]?key|credentials?)"

_QUOTED = r"(?:\"[^\"\n]*\"?|'[^'\n]*'?)"

_NAMED = re.compile(rf"bearer\s+\S+|{_NAMES}[\"']?\s*[=:]\s*(?:{_QUOTED}|\S+)", re.ASCII | re.IGNORECASE)

_LOOSELY_NAMED = re.compile(
    rf"(--[\w-]*{_NAMES}\s+)\S+|({_NAMES}s?\s+(?:is\s+|was\s+)?)(?:{_QUOTED}|(?=\S*\d)\S{{5,}})",
    re.ASCII | re.IGNORECASE,
)
"""A secret after its name without `=` or `:`; `token expired` has none."""

_RANDOM = re.compile(
    r"(?<![\w+~-])(?=[\w+~-]*\d)(?:(?=[\w+~-]*[A-Za-z])[\w+~-]{16,}|(?=[\w+~-]*[A-Z])(?=[\w+~-]*[a-z])[\w+~-]{10,})|[\w+/=.-]{40,}",
    re.ASCII,
)
"""Probably a secret or a part of one: a wrapped token does not look like a JWT. Names of hosts and files are no match."""

_AUTHORIZATION = re.compile(r"(authorization[\"']?\s*[=:,]\s*b?[\"']?)[^\"'\r\n]+", re.IGNORECASE)

_USERINFO = re.compile(r"(?<=://)[^/?#\s\"']*@")

_SECRET_VARIABLE = re.compile("TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY", re.IGNORECASE)

_MOST_REMEMBERED = 50
"""Most remembered secrets: a long process renews many tokens, and old ones have expired."""

_remembered: dict[str, None] = {}
"""Secrets that this process has used, newest last. Global, because crash reports have no access to other objects."""


def without_named(text: str) -> str:
    """Return `text` without values that are named like secrets: `password=…`, `Bearer …`."""
    return _NAMED.sub("[secret]", text)


def without_probable(text: str) -> str:
    """Return what another program printed, without known secrets and whatever may be one."""
    text = _LOOSELY_NAMED.sub(lambda named: f"{named[1] or named[2]}[secret]", without_secrets(text))
    return _RANDOM.sub("[secret]", text)


def redacted(text: str, *secrets: SecretStr | None) -> str:
    """Return `text` without these secrets, and without anything that looks like a JWT."""
    for secret in secrets:
        if secret is not None:
            text = _without(text, secret.get_secret_value())
    return _JWT.sub("[secret]", text)


def redacted_body(body: bytes, *secrets: SecretStr) -> bytes:
    """Return a response body without these secrets; keeps short ones that are JSON numbers or words, so that it stays
    JSON.
    """
    for secret in secrets:
        sent = secret.get_secret_value().encode()
        if len(sent) >= SHORTEST_SECRET:
            body = body.replace(sent, b"[secret]")
        elif sent and sent != PUBLIC_SECRET.encode() and not sent.isdigit() and sent not in _JSON_WORDS:
            body = re.sub(rb"(?<!\w)%b(?!\w)" % re.escape(sent), b"[secret]", body)
    return body


def _without(text: str, secret: str) -> str:
    """Return the text without the secret; of a short secret only whole words are removed."""
    if len(secret) >= SHORTEST_SECRET:
        return text.replace(secret, "[secret]")
    if not secret or secret == PUBLIC_SECRET:
        return text
    return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "[secret]", text)


def remember(*secrets: SecretStr) -> None:
    """Register secrets that `without_secrets` removes."""
    for secret in secrets:
        text = secret.get_secret_value()
        if text not in {"", PUBLIC_SECRET} and text not in _remembered:
            _remembered[text] = None
    while len(_remembered) > _MOST_REMEMBERED:
        del _remembered[next(iter(_remembered))]


def without_secrets(text: str) -> str:
    """Return the text of a crash report without secrets.

    Removes secrets that this process has used or has in its environment, values that look like or are named like
    secrets, HTTP credentials, and user information in URLs.
    """
    known = _known()
    for secret in known:
        if len(secret) >= SHORTEST_SECRET:
            text = _without(text, secret)
    text = _AUTHORIZATION.sub(r"\1[secret]", text)
    text = _USERINFO.sub("[secret]@", text)
    text = without_named(_JWT.sub("[secret]", text))
    # Last: a secret of one letter could be a part of what the patterns above look for.
    for secret in known:
        if len(secret) < SHORTEST_SECRET:
            text = _without(text, secret)
    return text


def _known() -> list[str]:
    """The secrets of this process in all quoted forms, longest first."""
    named = ((name, value.strip()) for name, value in os.environ.items() if _SECRET_VARIABLE.search(name))
    variables = (value for name, value in named if len(value) >= SHORTEST_SECRET or name.startswith("KIBO_"))
    used = {secret.strip() for secret in (*variables, *_remembered)} - {"", PUBLIC_SECRET}
    forms = {form for secret in used for form in _forms(secret)}
    return sorted(forms, key=len, reverse=True)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
