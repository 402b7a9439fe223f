"""Every way to a token: which source the settings name, and from the command line to the simulated API."""

import base64
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backends import null

from tests.cli.conftest import TOKEN, until
from tests.support.tokens import jwt
from tui.cli.token_source import token_source
from tui.core.clock import ManualClock
from tui.domain.errors import Unauthorised
from tui.settings.resolve import resolve
from tui.simulator.app import create_app
from tui.simulator.tokens import TokenDesk

CLIENT = {"KIBO_CLIENT_ID": "demo", "KIBO_SHARED_SECRET": "demo"}
WAYS = {
    "file": {"JOBDECK_TOKEN_FILE": "token"},
    "environment": {"KIBO_ACCESS_TOKEN": "canary"},
    "command": {"JOBDECK_TOKEN_COMMAND": "vault read"},
    "client": {"KIBO_CLIENT_ID": "acme", "KIBO_SHARED_SECRET": "canary"},
    "keyring": {"JOBDECK_KEYRING": "1"},
    "none": {},
}
"""In the order in which they are preferred."""


def source(options=(), **environ):
    settings = resolve({"api_host": "x.example", **dict(options)}, environ)
    return token_source(settings, environ, clock=ManualClock(), transport_to=None)


@pytest.mark.parametrize("way", WAYS)
def test_the_first_that_is_told_is_used(way):
    told = list(WAYS.values())[list(WAYS).index(way) :]

    assert source(**{name: text for way in told for name, text in way.items()}).facts == source(**WAYS[way]).facts


@pytest.mark.parametrize(
    ("environ", "origin"),
    [
        ({"JOBDECK_TOKEN_FILE": "~/token"}, f"token file {Path.home()}/token"),
        (WAYS["environment"], "KIBO_ACCESS_TOKEN"),
        (WAYS["command"], "token command vault"),
        (WAYS["client"], "client id 'acme' at home.mozu.com"),
        ({"KIBO_CLIENT_ID": "acme", "JOBDECK_KEYRING": "1"}, "client id 'acme' at home.mozu.com"),
        (WAYS["keyring"], "keyring entry 'x.example'"),
        ({}, "no access token"),
    ],
    ids=["file", "environment", "command", "client", "client-of-the-keyring", "keyring", "none"],
)
def test_a_source_is_called_after_what_was_told(environ, origin):
    assert source(**environ).facts.origin == origin


@pytest.mark.parametrize(
    ("way", "remedy", "renews_itself"),
    [
        ("file", "renew it or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET", False),
        ("environment", "renew it or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET", False),
        ("command", "see what the token command prints", True),
        ("client", "see whether the application may use this tenant", True),
        ("keyring", "renew the keyring's entry", False),
    ],
)
def test_a_source_says_what_helps_against_a_refusal_and_whether_somebody_has_to_renew_it(way, remedy, renews_itself):
    facts = source(**WAYS[way]).facts

    assert (facts.remedy, facts.renews_itself) == (remedy, renews_itself)


@pytest.fixture
def empty_keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("environ", "entry"),
    [({"JOBDECK_KEYRING": "1", "KIBO_CLIENT_ID": "acme"}, "acme"), ({"JOBDECK_KEYRING": "1"}, "x.example")],
    ids=["client", "token"],
)
async def test_an_entry_is_called_like_the_client_or_else_like_the_host(empty_keyring, environ, entry):
    with pytest.raises(Unauthorised, match=f"the keyring has no entry '{entry}'"):
        await source(**environ).token()


def test_the_demo_has_a_token_of_its_own_whatever_else_is_told():
    told = {name: text for way in WAYS.values() for name, text in way.items()}

    assert source({"demo": "1"}, **told).facts.origin == "--demo"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        (
            {},
            "no access token; set KIBO_ACCESS_TOKEN, or pass --token-file PATH, or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET",
        ),
        (
            {"KIBO_CLIENT_ID": "acme"},
            "no access token: KIBO_CLIENT_ID is set but KIBO_SHARED_SECRET is not; set it too",
        ),
        (
            {"KIBO_SHARED_SECRET": "canary"},
            "no access token: KIBO_SHARED_SECRET is set but KIBO_CLIENT_ID is not; set it too",
        ),
        (
            {"KIBO_CLIENT_SECRET": "canary"},
            "no access token: KIBO_CLIENT_SECRET is set but KIBO_CLIENT_ID is not; set it too",
        ),
    ],
    ids=["nothing", "id-alone", "secret-alone", "secret-alias-alone"],
)
def test_what_is_missing_is_said(environ, words):
    with pytest.raises(Unauthorised) as caught:
        source(**environ).check()

    assert str(caught.value) == words


@pytest.mark.parametrize("way", WAYS)
def test_no_source_holds_a_secret_in_the_open(way):
    chosen = source(**{"KIBO_SHARED_SECRET": "canary", **WAYS[way]})

    assert "canary" not in inside(chosen)


def inside(part):
    """Return what a part of ours and all parts below it hold."""
    if not type(part).__module__.startswith("tui.") or not hasattr(part, "__dict__"):
        return repr(part)
    return " ".join([repr(part), *(inside(below) for below in vars(part).values())])


@pytest.fixture
def silent(environ):
    """An environment that names the API and no token."""
    return {name: value for name, value in environ.items() if name != "KIBO_ACCESS_TOKEN"}


def test_a_command_prints_the_token(jobdeck, silent):
    assert jobdeck("get", "1", "--token-command", f"echo {TOKEN}", env=silent).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("arguments", [["get", "1"], ["find"], ["doctor"], ["wait", "1"]], ids=" ".join)
def test_a_signal_ends_the_token_command_too(started, silent, tmp_path, arguments, number):
    """The program writes down who it is, and then hangs."""
    note = tmp_path / "pid"
    program = f"import os, pathlib, time; pathlib.Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(60)"
    process = started(*arguments, "--token-command", shlex.join([sys.executable, "-c", program]), env=silent)
    until(lambda: note.exists() and note.read_text())

    process.send_signal(number)

    assert process.wait(timeout=5) == 128 + number
    until(lambda: not is_alive(int(note.read_text())))


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    "secrets",
    [
        {"KIBO_CLIENT_SECRET": "demo"},
        {"KIBO_SHARED_SECRET": "demo", "KIBO_CLIENT_SECRET": "wrong"},
        {"KIBO_SHARED_SECRET": "", "KIBO_CLIENT_SECRET": "demo"},
    ],
    ids=["alias", "both", "empty"],
)
def test_the_secret_of_other_tools_is_used_if_the_sdks_is_not_set(jobdeck, silent, secrets):
    assert jobdeck("get", "1", env={**silent, "KIBO_CLIENT_ID": "demo", **secrets}).returncode == 0


def test_client_id_and_secret_become_a_token_at_the_api_s_own_host_on_this_machine(jobdeck, silent, faults):
    result = jobdeck("get", "1-4", env={**silent, **CLIENT})

    assert (result.returncode, result.stderr) == (0, "")
    assert [request.path for request in faults.log if "oauth" in request.path] == [
        "/api/platform/applications/authtickets/oauth"
    ]


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ({**CLIENT, "KIBO_SHARED_SECRET": "canary-wrong"}, 4, "client id 'demo'"),
        ({"KIBO_CLIENT_ID": "demo"}, 4, "KIBO_CLIENT_ID is set but KIBO_SHARED_SECRET is not"),
        ({"JOBDECK_TOKEN_FILE": "/nowhere/token"}, 2, "check JOBDECK_TOKEN_FILE"),
        ({"JOBDECK_TOKEN_COMMAND": "false"}, 4, "token command false exited with code 1"),
        ({"JOBDECK_TOKEN_COMMAND": "/nowhere/program canary"}, 2, "check JOBDECK_TOKEN_COMMAND"),
        (
            {"JOBDECK_TOKEN_COMMAND": f"{sys.executable} -c 'import sys; sys.exit(\"canary\\x1b[2J\" and 3)'"},
            4,
            "exited with code 3",
        ),
        ({"KIBO_AUTH_HOST": "http://127.0.0.1:9", **CLIENT}, 3, "127.0.0.1:9"),
        ({}, 4, "no access token"),
    ],
)
def test_what_keeps_a_token_away_is_said_without_it(jobdeck, silent, told, code, words):
    result = jobdeck("get", "1", env={**silent, **told})

    assert result.returncode == code
    assert words in result.stderr
    assert "canary" not in result.stderr


@pytest.mark.parametrize("variable", ["KIBO_ACCESS_TOKEN", "KIBO_SHARED_SECRET", "KIBO_CLIENT_SECRET"])
def test_a_command_that_complains_with_a_secret_of_the_environment_shows_none(jobdeck, silent, variable):
    script = "import sys; sys.exit('bad canary-0123')"
    command = shlex.join([sys.executable, "-c", script])

    result = jobdeck("get", "1", "--token-command", command, env={**silent, variable: "canary-0123"})

    assert result.returncode == 4
    assert "exited with code 1: bad [secret]" in result.stderr


def test_a_token_command_gets_the_environment_without_secrets(jobdeck, silent, tmp_path):
    seen = tmp_path / "seen"
    script = f"import json, os; json.dump(dict(os.environ), open({str(seen)!r}, 'w')); print({TOKEN!r})"
    secrets = {"KIBO_SHARED_SECRET": "canary-1", "KIBO_ACCESS_TOKEN": "canary-2", "KIBO_CLIENT_SECRET": "canary-3"}

    result = jobdeck(
        "get",
        "1",
        "--token-command",
        shlex.join([sys.executable, "-c", script]),
        env={**silent, **secrets, "MINE": "kept"},
    )

    around = json.loads(seen.read_text())
    assert (result.returncode, around["MINE"], around["KIBO_API_HOST"]) == (0, "kept", silent["KIBO_API_HOST"])
    assert "canary" not in str(around)


SHORT = "jobdeck: note: {} holds 3 characters, too few for jobdeck to keep it out of what a server says but as a whole word; copy it again: "


@pytest.mark.parametrize("arguments", [["get", "1"], ["find"], ["wait", "1"], ["watch", "1"]], ids=" ".join)
@pytest.mark.parametrize("way", ["variable", "file", "command"])
def test_a_token_too_short_to_be_cut_out_is_warned_of_once(jobdeck, silent, tokens, tmp_path, arguments, way):
    tokens.add("abc")
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text("abc\n")
    told, name = {
        "variable": ({"KIBO_ACCESS_TOKEN": "abc"}, "KIBO_ACCESS_TOKEN"),
        "file": ({"JOBDECK_TOKEN_FILE": str(file)}, f"token file {file}"),
        "command": ({"JOBDECK_TOKEN_COMMAND": "echo abc"}, "the token of token command echo"),
    }[way]

    result = jobdeck(*arguments, env={**silent, **told})

    assert result.returncode == 0
    assert result.stderr.startswith(SHORT.format(name))
    assert result.stderr.count("\n") == 1


def test_a_shared_secret_too_short_to_be_cut_out_is_warned_of(jobdeck, silent):
    result = jobdeck("get", "1", env={**silent, "KIBO_CLIENT_ID": "demo", "KIBO_SHARED_SECRET": "abc"})

    assert result.returncode == 4
    assert result.stderr.startswith("jobdeck: note: the shared secret of client id 'demo' at 127.0.0.1:")
    assert "holds 3 characters, too few for jobdeck to keep it out of what a server says" in result.stderr
    assert "abc" not in result.stderr


@pytest.mark.parametrize(
    "command", [["get", "1"], ["get", "1", "-o", "json"], ["wait", "1"], ["find"], ["doctor"]], ids=" ".join
)
def test_a_short_token_that_the_server_repeats_is_cut_out(jobdeck, silent, faults, command):
    faults.answer_always(401, body=b'{"message": "bad token abc"}')

    result = jobdeck(*command, env={**silent, "KIBO_ACCESS_TOKEN": "abc"})

    assert "bad token [secret]" in result.stdout + result.stderr
    assert "abc" not in result.stdout + result.stderr


@pytest.mark.parametrize("name", ["KIBO_ACCESS_TOKEN", "JOBDECK_TOKEN_COMMAND"])
def test_doctor_warns_of_a_short_token(jobdeck, silent, tokens, name):
    tokens.add("abc")

    result = jobdeck("doctor", "-o", "json", env={**silent, name: "echo abc" if "COMMAND" in name else "abc"})

    (check,) = (check for check in json.loads(result.stdout)["checks"] if check["name"] == "token")
    assert (check["state"], result.returncode) == ("warning", 0)
    assert "too few for jobdeck to keep it out of what a server says" in check["found"]


MOUNT = """
mount -t tmpfs tmpfs "$1" && printf %s "$2" > "$1/token" && chmod "$3" "$1/token" && mount -o remount,ro "$1" || exit 99
shift 3
exec "$@"
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no name spaces here")
@pytest.mark.parametrize("mode", ["644", "440"])
def test_a_token_file_on_a_read_only_mount_is_used_with_a_warning(silent, server, tmp_path, mode):
    folder = tmp_path / "secret"
    folder.mkdir()
    program = [sys.executable, "-W", "error", "-m", "tui", "get", "1", "--token-file", str(folder / "token")]
    command = ["unshare", "--mount", "sh", "-c", MOUNT, "sh", str(folder), TOKEN, mode, *program]

    result = subprocess.run(
        command, env={**silent, "PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=20, check=False
    )

    if result.returncode in {1, 99} and "tui" not in result.stderr:
        pytest.skip("nothing can be mounted here")
    assert result.returncode == 0
    assert (
        f"is open to other users (mode 0{mode}), which cannot be changed here; mount it with mode 0400" in result.stderr
    )


def test_an_ended_token_says_when_it_ended(jobdeck, silent):
    body = base64.urlsafe_b64encode(json.dumps({"exp": int(time.time()) - 190}).encode()).decode().rstrip("=")

    result = jobdeck("get", "1", env={**silent, "KIBO_ACCESS_TOKEN": f"eyJhbGciOiJub25lIn0.{body}.canary"})

    assert result.returncode == 4
    assert "the token expired 3 min ago; renew it or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET" in result.stderr
    assert "canary" not in result.stderr


def test_a_file_that_was_renewed_meanwhile_is_read_again(jobdeck, silent, switch, queue, faults, tmp_path):
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text("old")
    switch.app = create_app(queue, faults=faults, tokens=Renewing(file))

    result = jobdeck("get", "1", "--token-file", str(file), env=silent)

    assert result.returncode == 0


class Renewing(set):
    """Good tokens; whoever asks with another one finds that the file has been renewed."""

    def __init__(self, file):
        super().__init__({"new"})
        self._file = file

    def __contains__(self, token):
        if token != "new":
            self._file.write_text("new")
        return token == "new"


def test_the_keyring_is_said_to_be_missing_where_it_is(jobdeck, silent):
    result = jobdeck(
        "get", "1", env={**silent, "JOBDECK_KEYRING": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    )

    assert result.returncode in {2, 4}
    assert "keyring" in result.stderr


@pytest.mark.parametrize("command", ["watch", "wait"])
def test_the_end_of_a_token_that_nobody_renews_is_told(jobdeck, environ, tokens, command):
    token = jwt(datetime.now(UTC) + timedelta(minutes=5, seconds=50))
    tokens.add(token)

    result = jobdeck(command, "1", env={**environ, "KIBO_ACCESS_TOKEN": token})

    assert result.returncode == 0
    assert "the token expires in 5 min; renew it, " in result.stderr


def test_the_end_of_a_token_that_jobdeck_renews_is_not_told(jobdeck, environ, switch, queue):
    switch.app = create_app(queue, desk=TokenDesk(queue.clock, (), expires_in_s=300.0))
    kept = {name: value for name, value in environ.items() if name != "KIBO_ACCESS_TOKEN"}

    result = jobdeck("wait", "1", env={**kept, **CLIENT})

    assert (result.returncode, "token ends" in result.stderr) == (0, False)
