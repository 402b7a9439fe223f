"""Every way to a token, from the command line to the simulated API."""

import base64
import json
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import TOKEN
from tui.simulator.server import create_app

CLIENT = {"KIBO_CLIENT_ID": "demo", "KIBO_SHARED_SECRET": "demo"}


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


def until(condition):
    end_s = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end_s


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def test_client_id_and_secret_become_a_token_at_the_api_s_own_host_on_this_machine(jobdeck, silent, faults):
    result = jobdeck("get", "1-4", env={**silent, **CLIENT})

    assert (result.returncode, result.stderr) == (0, "")
    assert [request.path for request in faults.log if "oauth" in request.path] == ["/api/platform/applications/authtickets/oauth"]


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ({**CLIENT, "KIBO_SHARED_SECRET": "canary-wrong"}, 4, "client id 'demo'"),
        ({"KIBO_CLIENT_ID": "demo"}, 4, "KIBO_CLIENT_ID is set but KIBO_SHARED_SECRET is not"),
        ({"JOBDECK_TOKEN_COMMAND": "false"}, 4, "token command false exited with code 1"),
        ({"JOBDECK_TOKEN_COMMAND": "/nowhere/program canary"}, 2, "check JOBDECK_TOKEN_COMMAND"),
        ({"JOBDECK_TOKEN_COMMAND": f"{sys.executable} -c 'import sys; sys.exit(\"canary\\x1b[2J\" and 3)'"}, 4, "exited with code 3"),
        ({"KIBO_AUTH_HOST": "http://127.0.0.1:9", **CLIENT}, 3, "127.0.0.1:9"),
        ({}, 4, "no access token"),
    ],
)
def test_what_keeps_a_token_away_is_said_without_it(jobdeck, silent, told, code, words):
    result = jobdeck("get", "1", env={**silent, **told})

    assert result.returncode == code
    assert words in result.stderr
    assert "canary" not in result.stderr


@pytest.mark.parametrize("variable", ["KIBO_ACCESS_TOKEN", "KIBO_SHARED_SECRET"])
def test_a_command_that_complains_with_a_secret_of_the_environment_shows_none(jobdeck, silent, variable):
    script = f"import os, sys; sys.exit('bad ' + os.environ['{variable}'])"
    command = shlex.join([sys.executable, "-c", script])

    result = jobdeck("get", "1", "--token-command", command, env={**silent, variable: "canary-0123"})

    assert result.returncode == 4
    assert "exited with code 1: bad [secret]" in result.stderr


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
    result = jobdeck("get", "1", env={**silent, "JOBDECK_KEYRING": "1", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})

    assert result.returncode in {2, 4}
    assert "keyring" in result.stderr
