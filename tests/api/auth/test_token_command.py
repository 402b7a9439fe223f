"""Real programs: each one is a small Python script."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.api.auth.conftest import report_of
from tui.api.auth.refreshing_token import RefreshingToken
from tui.api.auth.token_command import CommandIssuer
from tui.core.clock import ManualClock
from tui.core.errors import ConfigError
from tui.domain.errors import Unauthorised

CANARY = "canary-0123456789abcdef"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def command(clock):
    """Make a token command of a script."""

    def make(script, *, limit_s=10.0, secrets=()):
        return CommandIssuer(
            (sys.executable, "-c", script), setting="--token-command", clock=clock, secrets=secrets, limit_s=limit_s
        )

    return make


@pytest.fixture
async def source_of(clock):
    """Make a token source of a script."""
    sources = []

    def make(script, *arguments):
        issuer = CommandIssuer((sys.executable, "-c", script, *arguments), setting="--token-command", clock=clock)
        sources.append(RefreshingToken(issuer, clock=clock))
        return sources[-1]

    yield make
    for source in sources:
        await source.aclose()


async def test_what_a_program_prints_is_the_token(command):
    issued = await command(f"print({CANARY!r})").issue()

    assert issued.token.get_secret_value() == CANARY


async def test_arguments_reach_the_program_untouched_by_a_shell(clock):
    argv = (sys.executable, "-c", "import sys; print(sys.argv[1].encode().hex())", "$(echo x); `y` *")

    issued = await CommandIssuer(argv, setting="s", clock=clock).issue()

    assert bytes.fromhex(issued.token.get_secret_value()).decode() == "$(echo x); `y` *"


async def test_there_is_no_input_and_no_terminal_to_ask_at(command):
    script = """
import os, sys
assert sys.stdin.read() == ""
try:
    os.open("/dev/tty", os.O_RDWR)
    print("tty")
except OSError:
    print("none")
"""

    assert (await command(script).issue()).token.get_secret_value() == "none"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            "import sys; sys.exit('vault is sealed')",
            "exited with code 1: vault is sealed; run it in a shell to see why",
        ),
        ("import os; os.kill(os.getpid(), 9)", "was ended by signal 9"),
        ("pass", "printed nothing"),
        ("import sys; print(' '); print('no login', file=sys.stderr)", "printed nothing: no login"),
        ("print('x' * 65_537)", "printed more than 64 kB"),
        ("while True: print('x' * 10_000)", "printed more than 64 kB"),
    ],
    ids=["code", "signal", "nothing", "blanks", "too-large", "endless"],
)
async def test_a_program_that_fails_is_named_with_its_complaint(command, script, words):
    with pytest.raises(Unauthorised) as caught:
        await command(script).issue()

    assert str(caught.value).startswith(f"token command {Path(sys.executable).name} ")
    assert words in str(caught.value)


async def test_the_largest_output_is_read(command):
    assert len((await command("print('x' * 65_535)").issue()).token) == 65_535


async def test_a_complaint_cannot_steer_the_terminal_or_flood_it(command):
    script = r"import sys; sys.stderr.write('\x1b[2J\u202e\nno ' * 100_000); sys.exit(3)"

    with pytest.raises(Unauthorised) as caught:
        await command(script).issue()

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "complaint",
    [
        CANARY,
        "eyJhbGciOi.canary.x-y",
        f"password={CANARY}!",
        "Q0FOQVJZ" * 10 + "canary",
        "known-secret",
        "password=canary1",
        "Authorization: Bearer canary2",
        "Authorization: Basic canary",
        "invalid client_secret canary12345",
        "curl --client-secret canary",
        '{"client_secret": "a canary b"}',
        "secret 'a canary'",
        "password is canary2",
        "https://user:canary@auth.example/x",
        "7f3a8842-1234-5678-9abc-canary012345",
        "tok acanary42BCDE",
        "token eyJhbGciOiJ\n9canaryIsInR5",
        "of-the-environment-canary",
    ],
    ids=[
        "printed",
        "jwt",
        "inside",
        "long",
        "known",
        "named",
        "bearer",
        "basic",
        "after-its-name",
        "option",
        "json",
        "quoted",
        "is",
        "user",
        "id",
        "mixed",
        "wrapped",
        "environment",
    ],
)
async def test_secrets_in_a_complaint_are_cut_out(command, complaint, monkeypatch):
    monkeypatch.setenv("VAULT_TOKEN", "of-the-environment-canary")
    script = f"import sys; print({CANARY!r}); sys.exit({complaint!r} + '\\n was wrong')"

    with pytest.raises(Unauthorised, match="was wrong") as caught:
        await command(script, secrets=(SecretStr("known-secret"),)).issue()

    assert "canary" not in str(caught.value)
    assert "known-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "complaint",
    [
        "The token expired 3 min ago",
        "cannot resolve t4711-s5.sandbox.mozu.com at 2026-11-29T09:30:03Z",
        "could not read secret kv/kibo/prod: permission denied (HTTP 403)",
    ],
)
async def test_words_of_a_complaint_stay(command, complaint):
    with pytest.raises(Unauthorised) as caught:
        await command(f"import sys; sys.exit({complaint!r})").issue()

    assert complaint in str(caught.value)


async def test_a_program_that_takes_too_long_is_killed_with_its_children(command, tmp_path):
    pids = tmp_path / "pids"
    script = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open({str(pids)!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
print({CANARY!r}, flush=True)
time.sleep(600)
"""

    with pytest.raises(Unauthorised, match=r"took longer than 2 s and was ended"):
        await command(script, limit_s=2.0).issue()

    for pid in map(int, pids.read_text().split()):
        await asyncio.to_thread(wait_for_end_of, pid)


async def test_a_program_is_killed_when_nobody_wants_its_token_any_more(source_of, tmp_path):
    pids = tmp_path / "pids"
    os.mkfifo(pids)
    source = source_of(
        f"import os, time; print(os.getpid(), file=open({str(pids)!r}, 'w'), flush=True); time.sleep(600)"
    )
    asking = asyncio.create_task(source.token())
    pid = int(await asyncio.to_thread(pids.read_text))

    await source.aclose()
    await asyncio.gather(asking, return_exceptions=True)

    await asyncio.to_thread(wait_for_end_of, pid)


def has_ended(pid):
    """Return whether the process has ended; a killed child of a killed parent is a zombie until init takes it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_for_end_of(pid):
    deadline_s = time.monotonic() + 10
    while not has_ended(pid):
        assert time.monotonic() < deadline_s, f"{pid} still runs"


async def test_what_a_program_leaves_in_the_background_is_not_waited_for(command):
    script = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import sys, time; time.sleep(5)"])
print({CANARY!r})
"""
    started_s = asyncio.get_running_loop().time()

    issued = await command(script).issue()

    assert issued.token.get_secret_value() == CANARY
    assert asyncio.get_running_loop().time() - started_s < 4.5


@pytest.mark.parametrize(
    ("mode", "words"), [(None, "no such file or directory"), (0o600, "permission denied")], ids=["missing", "mode"]
)
async def test_a_program_that_cannot_be_started_is_a_wrong_setting(clock, tmp_path, mode, words):
    program = tmp_path / "vault"
    if mode:
        program.touch(mode)
    source = RefreshingToken(
        CommandIssuer((str(program),), setting="profile prod: token_command", clock=clock), clock=clock
    )

    with pytest.raises(
        ConfigError, match=rf"token command vault cannot be started: {words}; check profile prod: token_command"
    ):
        await source.token()
    with pytest.raises(ConfigError, match="is no program that can be run; check profile prod: token_command"):
        source.check()


async def test_any_number_of_waiting_callers_share_one_run(source_of, tmp_path):
    runs = tmp_path / "runs"
    source = source_of(f"open({str(runs)!r}, 'a').write('x'); print({CANARY!r})")

    asking = [asyncio.create_task(source.token()) for _ in range(10)]
    await asyncio.sleep(0)
    asking[0].cancel()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    later = await source.token()

    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert {token.get_secret_value() for token in [*outcomes[1:], later]} == {CANARY}
    assert runs.read_text() == "x"


async def test_it_runs_in_a_loop_of_another_thread_as_the_apps_monitor_has_one(command):
    issued = await asyncio.to_thread(lambda: asyncio.run(command(f"print({CANARY!r})").issue()))

    assert issued.token.get_secret_value() == CANARY


async def test_it_runs_again_shortly_before_the_end_that_it_named(source_of, clock, tmp_path):
    runs = tmp_path / "runs"
    script = "import json, sys; open(sys.argv[1], 'a').write('x'); print(json.dumps({'token': open(sys.argv[1]).read(), 'expires_in': 600}))"
    source = source_of(script, str(runs))
    await source.token()
    clock._elapsed_s = 539
    early = await source.token()
    clock._elapsed_s = 600

    assert early.get_secret_value() == "x"
    assert (await source.token()).get_secret_value() == "xx"


@pytest.mark.parametrize(
    "script",
    [
        f"print('{CANARY} x')",
        f"print('{CANARY}'); import sys; sys.exit('{CANARY}')",
        f"print({json.dumps({'token': [CANARY]})!r})",
        f"print('{CANARY}\\n' * 9999)",
        f"print('{CANARY}', flush=True); import sys; print('{CANARY}', file=sys.stderr, flush=True); import time; time.sleep(600)",
    ],
    ids=["unusable", "failed", "json", "too-large", "too-slow"],
)
async def test_no_crash_report_shows_what_a_program_printed(command, script):
    with pytest.raises((Unauthorised, ConfigError)) as caught:
        await command(script, limit_s=2.0).issue()

    report = report_of(caught.value)
    assert "issue" in report
    assert "canary" not in report.replace(repr(script), "")
