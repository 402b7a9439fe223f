"""A secret in the system's keyring. The only module that imports keyring, an optional package."""

from __future__ import annotations

import asyncio
import importlib
from concurrent.futures import Future
from contextlib import suppress
from functools import partial

from pydantic import SecretStr

from tui.api.auth.refreshing_token import NewToken, TokenIssuer
from tui.api.auth.token_source import TokenFacts
from tui.api.auth.validation import validate_token
from tui.core.daemon_thread import run_in_daemon_thread
from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.domain.errors import Unauthorised

SERVICE = "jobdeck"

LIMIT_S = 2.0
"""Timeout in seconds; D-Bus without a keyring service never responds."""

_LOCKED_REMEDY = "unlock it, or use --token-command"

_THREAD = "jobdeck-keyring"

_INSTALL = (
    "run pipx inject jobdeck keyring, or uv tool install --with keyring . in the checkout, or use --token-command"
)
"""jobdeck is on no package index, so the commands name no extra of it."""

_Outcome = SecretStr | ConfigError | Unauthorised


class KeyringEntry:
    """The entry `name` of the service `jobdeck`.

    Args:
        name: Its user name.
        limit_s: Timeout in seconds.
    """

    def __init__(self, name: str, *, limit_s: float = LIMIT_S) -> None:
        self._name = name
        self._limit_s = limit_s
        self._reading: Future[_Outcome] | None = None
        self.origin = f"keyring entry '{one_line(name)[:80]}'"
        """Its name, safe to show."""

    async def secret(self) -> SecretStr:
        """Return the secret.

        Raises:
            Unauthorised: The entry is missing, or the keyring is locked or does not respond.
            ConfigError: There is no keyring, or the package is not installed.
        """
        if self._reading is not None and not self._reading.done():
            raise self._timeout_error()
        await asyncio.wrap_future(
            run_in_daemon_thread(_load, name=_THREAD)
        )  # outside the timeout: the first import is slow
        self._reading = run_in_daemon_thread(partial(_read, self._name), name=_THREAD)
        try:
            async with asyncio.timeout(self._limit_s):
                read = await asyncio.wrap_future(self._reading)
        except TimeoutError as error:
            raise self._timeout_error() from error
        if isinstance(read, SecretStr):
            return read
        raise read

    def _timeout_error(self) -> Unauthorised:
        return Unauthorised(f"the keyring did not answer within {self._limit_s:g} s", remedy=_LOCKED_REMEDY)


class KeyringIssuer(TokenIssuer):
    """Issues the access token in a keyring entry.

    Args:
        entry: The keyring entry.
    """

    def __init__(self, entry: KeyringEntry) -> None:
        self._entry = entry
        self.facts = TokenFacts(entry.origin, remedy="renew the keyring's entry")

    async def issue(self) -> NewToken:
        """Return the token in the entry.

        Raises:
            Unauthorised: As `KeyringEntry.secret`.
            ConfigError: As `KeyringEntry.secret`, or the token is unusable.
        """
        return NewToken(validate_token(await self._entry.secret(), self._entry.origin))


def _load() -> None:
    with suppress(ImportError):  # `_read` reports it
        importlib.import_module("keyring")


def _read(name: str) -> _Outcome:
    try:
        import keyring  # noqa: PLC0415  # an extra
        from keyring.errors import NoKeyringError  # noqa: PLC0415  # an extra
    except ImportError:
        return ConfigError("keyring support is not installed", _INSTALL)
    try:
        text = keyring.get_password(SERVICE, name)
    except NoKeyringError:
        what = "this machine has no keyring that can be used, as is usual without a desktop"
        return ConfigError(what, "use --token-command or --token-file")
    except Exception as error:  # noqa: BLE001  # backends are strangers' plugins and raise what they like; its text may quote anything
        return Unauthorised(f"the keyring cannot be read ({type(error).__name__})", remedy=_LOCKED_REMEDY)
    return SecretStr(text) if text else _missing(name)


def _missing(name: str) -> Unauthorised:
    what = f"no token: the keyring has no entry '{one_line(name)[:80]}' of the service {SERVICE}"
    return Unauthorised(what, remedy=f"run keyring set {SERVICE} NAME")
