"""Get a token from a program that prints it, alone or in JSON."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from pydantic import JsonValue, SecretBytes, SecretStr
from pydantic_core import from_json

from tui.api.auth.refreshing_token import NewToken, TokenIssuer
from tui.api.auth.token_source import TokenFacts
from tui.api.auth.validation import validate_token
from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.core.redaction import redacted, without_probable
from tui.core.subprocesses import Ran, run
from tui.core.text import one_line
from tui.core.timestamps import parse
from tui.domain.errors import Unauthorised

LONGEST_LIFE_S = 366 * 86_400.0
"""Longest life in seconds; a longer one is a placeholder and counts as unknown."""


@dataclass(frozen=True, slots=True)
class _Found:
    token: SecretStr | None = None
    expires_at: datetime | None = None
    problem: str = ""


def issued_in(output: SecretBytes, *, origin: str, now: datetime) -> NewToken:
    """Return the token in `output`.

    Args:
        output: One line with the token; or a JSON object with `access_token` or `token`, and optionally `expires_in`
            (seconds), `expires_at` or `expiration` (RFC 3339).
        origin: Name of the program, for errors.
        now: Local time, the start of `expires_in`; aware.

    Raises:
        ConfigError: The output has another form.
    """
    found = _object(output, now) if output.get_secret_value().lstrip().startswith((b"{", b"[", b'"')) else _line(output)
    if found.token is None:
        raise ConfigError(f"{origin} {found.problem}", "it has to print the token alone, or JSON with access_token")
    return NewToken(validate_token(found.token, origin), found.expires_at)


def life_s(value: JsonValue) -> float | None:
    """Return the seconds in `expires_in`, above 0 and up to a year; None if unusable. Accepts digits as text."""
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


LIMIT_S = 10.0
"""Timeout of the program in seconds."""

_LONGEST_COMPLAINT = 200


class CommandIssuer(TokenIssuer):
    """Issues tokens by running a program.

    Args:
        argv: The program and its arguments; run without a shell.
        setting: Name of the setting, for errors.
        clock: Reference time for the expiry of tokens.
        secrets: Secrets that its error output may quote.
        environ: Its environment; None means that of this process.
        limit_s: Timeout in seconds.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        setting: str,
        clock: Clock,
        secrets: Sequence[SecretStr] = (),
        environ: Mapping[str, str] | None = None,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._argv = tuple(argv)
        self._setting = setting
        self._clock = clock
        self._secrets = tuple(secrets)
        self._environ = environ
        self._limit_s = limit_s
        name = one_line(PurePath(self._argv[0]).name)[:40]  # without the arguments, which may contain secrets
        self.facts = TokenFacts(f"token command {name}", renews_itself=True, remedy="see what the token command prints")

    def check(self) -> None:
        """Check that the program exists.

        Raises:
            ConfigError: It does not exist.
        """
        if shutil.which(self._argv[0]) is None:
            raise ConfigError(f"{self.facts.origin} is no program that can be run", f"check {self._setting}")

    async def issue(self) -> NewToken:
        """Run the program and return its token.

        Raises:
            Unauthorised: It failed, timed out, or printed no token.
            ConfigError: It cannot be started, or its output is unusable.
        """
        try:
            ran = await run(self._argv, limit_s=self._limit_s, environ=self._environ)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"{self.facts.origin} cannot be started: {_reason(error)}", f"check {self._setting}"
            ) from error
        problem = self._problem(ran)
        if problem:
            raise Unauthorised(f"{self.facts.origin} {problem}", remedy="run it in a shell to see why")
        return issued_in(ran.output, origin=self.facts.origin, now=self._clock.now())

    def _problem(self, ran: Ran) -> str | None:
        if ran.is_too_large:
            return "printed more than 64 kB"
        said = _cleaned(ran.complaint, ran.output, self._secrets)
        words = f": {said}" if said else ""
        if ran.code is None:
            return f"took longer than {self._limit_s:g} s and was ended{words}"
        if ran.code:
            how = f"exited with code {ran.code}" if ran.code > 0 else f"was ended by signal {-ran.code}"
            return f"{how}{words}"
        return None if ran.output.get_secret_value().strip() else f"printed nothing{words}"


def _cleaned(complaint: SecretBytes, output: SecretBytes, secrets: Sequence[SecretStr]) -> str:
    """Return the error output as one safe line, without the standard output, known secrets and probable secrets."""
    printed = [SecretStr(word) for word in output.get_secret_value().decode(errors="replace").split()]
    text = redacted(complaint.get_secret_value().decode(errors="replace"), *secrets, *printed)
    return one_line(without_probable(text)).strip()[:_LONGEST_COMPLAINT]


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "unknown reason").lower() if isinstance(error, OSError) else "an argument holds a NUL"
