"""The real keyring package over backends of our own."""

import asyncio
import os
import sys
import threading
import time

import pytest
from keyring.backends import fail
from keyring.errors import KeyringLocked

from tests.api.auth.conftest import Readable, Shelf, report_of
from tui.api.auth.keyring_entry import KeyringEntry, KeyringIssuer
from tui.api.auth.refreshing_token import RefreshingToken
from tui.core.clock import ManualClock
from tui.core.errors import ConfigError
from tui.domain.errors import Unauthorised

CANARY = "canary-0123456789abcdef"


class Stuck(Readable):
    """D-Bus with nobody behind it."""

    def __init__(self):
        super().__init__()
        self.freed, self.asked = threading.Event(), 0

    def get_password(self, service, username):
        self.asked += 1
        self.freed.wait(60)


def source():
    return RefreshingToken(KeyringIssuer(KeyringEntry("prod")), clock=ManualClock())


async def test_an_entry_of_the_service_holds_the_token(use):
    use(Shelf({("jobdeck", "prod"): f"{CANARY}\n"}))
    tokens = source()

    token = await tokens.token()

    assert token.get_secret_value() == CANARY
    assert (tokens.facts.renews_itself, tokens.facts.origin) == (False, "keyring entry 'prod'")


async def test_it_is_read_again_after_a_refusal_and_not_before(use):
    shelf = Shelf({("jobdeck", "prod"): "old"})
    use(shelf)
    tokens = source()
    refused = await tokens.token()
    shelf.entries["jobdeck", "prod"] = "new"

    assert await tokens.token() == refused
    assert await tokens.renew(refused)
    assert (await tokens.token()).get_secret_value() == "new"


@pytest.mark.parametrize(
    ("backend", "kind", "words"),
    [
        (
            Shelf(),
            Unauthorised,
            "no token: the keyring has no entry 'prod' of the service jobdeck; run keyring set jobdeck NAME",
        ),
        (Shelf({("jobdeck", "prod"): ""}), Unauthorised, "the keyring has no entry 'prod'"),
        (
            fail.Keyring(),
            ConfigError,
            "this machine has no keyring that can be used, as is usual without a desktop; use --token-command or --token-file",
        ),
        (
            Shelf(trouble=KeyringLocked(CANARY)),
            Unauthorised,
            r"the keyring cannot be read \(KeyringLocked\); unlock it, or use --token-command",
        ),
        (Shelf(trouble=RuntimeError(CANARY)), Unauthorised, r"the keyring cannot be read \(RuntimeError\)"),
        (Shelf({("jobdeck", "prod"): f"{CANARY} x"}), ConfigError, "keyring entry 'prod': character 24 is a space"),
    ],
    ids=["missing", "empty", "headless", "locked", "broken", "unusable"],
)
async def test_each_way_to_fail_has_its_words(use, backend, kind, words):
    use(backend)

    with pytest.raises(kind, match=words) as caught:
        await source().token()

    assert "canary" not in report_of(caught.value)


async def test_without_the_extra_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(
        ConfigError, match=r"keyring support is not installed; run pipx inject jobdeck keyring, or uv tool install"
    ):
        await source().token()


async def test_a_keyring_that_hangs_is_left_alone_by_one_thread_that_nobody_waits_for(use):
    stuck = Stuck()
    use(stuck)
    entry = KeyringEntry("prod", limit_s=0.2)

    for _ in range(3):
        with pytest.raises(
            Unauthorised, match=r"the keyring did not answer within 0.2 s; unlock it, or use --token-command"
        ):
            await entry.secret()
    readers = [thread for thread in threading.enumerate() if thread.name == "jobdeck-keyring"]
    stuck.freed.set()

    assert stuck.asked == 1
    assert [reader.daemon for reader in readers] == [True]


async def test_an_import_that_takes_its_time_is_no_silence(monkeypatch, tmp_path):
    pipe, package = tmp_path / "pipe", tmp_path / "keyring"
    os.mkfifo(pipe)
    package.mkdir()
    (package / "__init__.py").write_text(
        f"with open({str(pipe)!r}) as pipe: pipe.read()\ndef get_password(*_): return {CANARY!r}\n"
    )
    (package / "errors.py").write_text("class NoKeyringError(Exception): pass\n")
    for name in [name for name in sys.modules if name.partition(".")[0] == "keyring"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)

    reading = asyncio.create_task(KeyringEntry("prod", limit_s=0.2).secret())
    importing = await asyncio.to_thread(pipe.open, "w")
    done, _ = await asyncio.wait({reading}, timeout=0.6)
    importing.close()

    assert not done
    assert (await reading).get_secret_value() == CANARY


def test_a_loop_ends_without_waiting_for_a_keyring_that_hangs(use):
    stuck = Stuck()
    use(stuck)
    started_s = time.monotonic()

    with pytest.raises(Unauthorised, match="did not answer"):
        asyncio.run(KeyringEntry("prod", limit_s=0.2).secret())
    took_s = time.monotonic() - started_s
    stuck.freed.set()

    assert took_s < 30
