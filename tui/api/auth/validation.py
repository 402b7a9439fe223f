"""Check the text of a token before it enters a header."""

from __future__ import annotations

import re

from pydantic import SecretStr

from tui.api.auth.token_source import Concern
from tui.core.errors import ConfigError
from tui.core.redaction import PUBLIC_SECRET, SHORTEST_SECRET, remember
from tui.core.text import count

_BLANKS = " \t\r\n"

_LEAD = re.compile(rf"^[{_BLANKS}]*(?:bearer(?:[ \t]+|[{_BLANKS}]*$))?", re.IGNORECASE)

_WRAPPINGS = {"{": "as JSON does", "[": "as JSON does", '"': "a quotation mark", "'": "a quotation mark"}
"""First characters that no token has (RFC 6750, b64token), but that users often copy."""

_NAMES = {"\n": "a line break", "\r": "a line break", " ": "a space", "\t": "a tab", "\0": "a NUL"}


def validate_token(given: SecretStr, origin: str) -> SecretStr:
    """Return the bare token, and register it for redaction in crash reports.

    If this function raises, no frame of the traceback contains the token as plain text.

    Args:
        given: The token, optionally with `Bearer ` and surrounding blanks.
        origin: Name of the source, for errors.

    Raises:
        ConfigError: It is empty, quoted, or not a single line of printable ASCII.
    """
    problem = _problem(given.get_secret_value())
    if problem is not None:
        what, remedy = problem
        raise ConfigError(f"{origin}{what}", remedy)
    token = SecretStr(_LEAD.sub("", given.get_secret_value()).rstrip(_BLANKS))
    remember(token)
    return token


def short_token_warning(secret: SecretStr, origin: str) -> tuple[Concern, ...]:
    """Return a warning for a secret so short that redaction can only remove it as a whole word.

    Args:
        secret: A token or a shared secret; the simulator's public one gives no warning.
        origin: Name of the source.
    """
    if len(secret) >= SHORTEST_SECRET or secret.get_secret_value() == PUBLIC_SECRET:
        return ()
    length = count(len(secret), "character")
    message = f"{origin} holds {length}, too few for jobdeck to keep it out of what a server says but as a whole word"
    return (Concern(message, f"copy it again: secrets have {SHORTEST_SECRET} characters or more"),)


def _problem(text: str) -> tuple[str, str] | None:
    """Return what is wrong with a token, and the remedy."""
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
