"""Takes a token as it was given and makes it fit for a header, or says by position what is wrong with it. Quotes no part of it."""

from __future__ import annotations

import re

from pydantic import SecretStr

from tui.api.credentials.source import Concern
from tui.core.errors import ConfigError
from tui.core.redaction import PUBLIC_SECRET, SHORTEST_SECRET, remember
from tui.core.text import count

_BLANKS = " \t\r\n"
_LEAD = re.compile(rf"^[{_BLANKS}]*(?:bearer(?:[ \t]+|[{_BLANKS}]*$))?", re.IGNORECASE)
_WRAPPINGS = {"{": "as JSON does", "[": "as JSON does", '"': "a quotation mark", "'": "a quotation mark"}
"""What no token begins with (RFC 6750, b64token), but what is copied along."""

_NAMES = {"\n": "a line break", "\r": "a line break", " ": "a space", "\t": "a tab", "\0": "a NUL"}


def checked(given: SecretStr, origin: str) -> SecretStr:
    """Return the bare token; no frame that a crash report could print holds it as plain text when this raises.

    No report of a bug quotes the token from now on.

    Args:
        given: The token, with the blanks or the `Bearer ` around it that people copy along.
        origin: Where it came from, for the error.

    Raises:
        ConfigError: It is empty, wrapped in something, or no single line of printable ASCII.
    """
    problem = _problem(given.get_secret_value())
    if problem is not None:
        what, remedy = problem
        raise ConfigError(f"{origin}{what}", remedy)
    token = SecretStr(_LEAD.sub("", given.get_secret_value()).rstrip(_BLANKS))
    remember(token)
    return token


def shortness(secret: SecretStr, origin: str) -> tuple[Concern, ...]:
    """Return what is to be said of a secret that cannot be kept out of texts but as a whole word: cutting it out elsewhere would cut words.

    Args:
        secret: A token or a shared secret; that of the simulator, which everybody knows, is no concern.
        origin: Where it came from.
    """
    if len(secret) >= SHORTEST_SECRET or secret.get_secret_value() == PUBLIC_SECRET:
        return ()
    message = (
        f"{origin} holds {count(len(secret), 'character')}, too few for jobdeck to keep it out of what a server says but as a whole word"
    )
    return (Concern(message, f"copy it again: secrets have {SHORTEST_SECRET} characters or more"),)


def _problem(text: str) -> tuple[str, str] | None:
    """What is wrong with a token, and what to do about it."""
    start = len(text) - len(_LEAD.sub("", text))
    bare = text[start:].rstrip(_BLANKS)
    if not bare:
        return " is empty", "put the access token there"
    if bare[0] in _WRAPPINGS:
        return f" begins with {bare[0]}, {_WRAPPINGS[bare[0]]}", "put the bare token there"
    for position, character in enumerate(bare, start + 1):
        if not "!" <= character <= "~":
            kind = _NAMES.get(character) or ("a control character" if character < "\x80" else "not ASCII")
            return f": character {position} is {kind}", "a token is one line of printable ASCII, copy it again"
    return None
