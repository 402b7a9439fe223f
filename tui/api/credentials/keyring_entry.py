"""A secret in the system's keyring. The only place that imports keyring, an extra; a keyring that hangs holds up nobody."""

from __future__ import annotations

import asyncio
import importlib
import threading
from contextlib import suppress
from typing import TypeVar

from pydantic import SecretStr

from tui.api.credentials.checked import checked
from tui.api.credentials.issued import Issued
from tui.api.errors import ConfigError, Unauthorised
from tui.text import one_line

SERVICE = "jobdeck"
LIMIT_S = 2.0
"""Seconds that the keyring may take; D-Bus without anybody behind it never answers."""

T = TypeVar("T")

_Outcome = SecretStr | ConfigError | Unauthorised


class KeyringEntry:
    """The entry `name` of the service `jobdeck`.

    Args:
        name: Its user name.
        limit_s: Seconds that reading it may take.
    """

    def __init__(self, name: str, *, limit_s: float = LIMIT_S) -> None:
        self._name = name
        self._limit_s = limit_s
        self._reader: threading.Thread | None = None
        self.origin = f"keyring entry '{one_line(name)[:80]}'"

    async def secret(self) -> SecretStr:
        """Return what the entry holds.

        Raises:
            Unauthorised: There is no such entry, or the keyring is locked or does not answer.
            ConfigError: There is no keyring here, or the extra is not installed.
        """
        if self._reader is not None and self._reader.is_alive():
            raise self._silent()
        outcome, is_asked = self._start()
        await is_asked  # importing a package takes its time, and is no silence of the keyring
        try:
            async with asyncio.timeout(self._limit_s):
                read = await outcome
        except TimeoutError as error:
            raise self._silent() from error
        if isinstance(read, SecretStr):
            return read
        raise read

    def _start(self) -> tuple[asyncio.Future[_Outcome], asyncio.Future[None]]:
        """Read in a daemon: neither asyncio nor the interpreter waits for it, whatever it hangs on."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[_Outcome] = loop.create_future()
        is_asked: asyncio.Future[None] = loop.create_future()

        def read() -> None:
            with suppress(ImportError):  # said by the reading itself
                importlib.import_module("keyring")
            _settle(loop, is_asked, None)
            _settle(loop, outcome, _read(self._name))

        self._reader = threading.Thread(target=read, name="jobdeck-keyring", daemon=True)
        self._reader.start()
        return outcome, is_asked

    def _silent(self) -> Unauthorised:
        return Unauthorised(f"the keyring did not answer within {self._limit_s:g} s; unlock it, or use --token-command")


class KeyringToken:
    """Gives out the access token that a keyring entry holds.

    Args:
        entry: Where it is.
    """

    def __init__(self, entry: KeyringEntry) -> None:
        self._entry = entry

    async def issue(self) -> Issued:
        """Read the entry.

        Raises:
            Unauthorised: As `KeyringEntry.secret`.
            ConfigError: As `KeyringEntry.secret`, or it holds no usable token.
        """
        return Issued(checked(await self._entry.secret(), self._entry.origin))

    async def aclose(self) -> None:
        """Nothing stays open."""


def _settle(loop: asyncio.AbstractEventLoop, future: asyncio.Future[T], result: T) -> None:
    """Give a future its result from another thread, if anybody still waits for it."""

    def settle() -> None:
        if not future.done():
            future.set_result(result)

    with suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(settle)


def _read(name: str) -> _Outcome:
    try:
        import keyring  # noqa: PLC0415  # an extra
        from keyring.errors import NoKeyringError  # noqa: PLC0415  # an extra
    except ImportError:
        return ConfigError("keyring support is not installed; run pip install 'jobdeck[keyring]', or use --token-command")
    try:
        text = keyring.get_password(SERVICE, name)
    except NoKeyringError:
        return ConfigError("this machine has no keyring that can be used; use --token-command or --token-file")
    except Exception as error:  # noqa: BLE001  # backends are strangers' plugins and raise what they like; its text may quote anything
        return Unauthorised(f"the keyring cannot be read ({type(error).__name__}); unlock it, or use --token-command")
    return SecretStr(text) if text else Unauthorised(f"no token: {_missing(name)}")


def _missing(name: str) -> str:
    return f"the keyring has no entry '{one_line(name)[:80]}' of the service {SERVICE}; run keyring set {SERVICE} NAME"
