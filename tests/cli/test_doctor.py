import json
import re
import signal
import time

import pytest

from tests.cli.conftest import ROOT, TOKEN
from tests.support.schemas import problems_of

NAMES = [
    "configuration", "dns", "tcp", "tls", "proxy", "token", "call", "clock", "state", "terminal", "colours", "characters", "multiplexer",
]  # fmt: skip

HANGING_RESOLVER = """
import socket, time
socket.getaddrinfo = lambda *_, **__: time.sleep(60)
"""


@pytest.fixture
def bare(bare):
    return {**bare, "TERM": "xterm-256color"}


def report(result):
    found = json.loads(result.stdout)
    assert problems_of(found, "doctor/schema.json") == []
    assert found["exitCode"] == result.returncode
    assert [check["name"] for check in found["checks"]][:13] == NAMES
    return {check["name"]: check for check in found["checks"]}


def test_everything_well_exits_with_0(jobdeck):
    result = jobdeck("doctor")

    assert (result.returncode, result.stderr) == (0, "")
    assert [line.split()[1] for line in result.stdout.splitlines()] == NAMES
    assert result.stdout.isascii()
    assert re.search(
        r"^ok       call           HTTP 200, 4 jobs, correlation \w+ \(\d+ ms\)$", result.stdout, re.MULTILINE
    )


def test_json_is_what_the_schema_says(jobdeck):
    checks = report(jobdeck("doctor", "-o", "json"))

    assert checks["call"]["state"] == "ok"
    assert checks["call"]["ms"] > 0


@pytest.mark.parametrize(
    ("env", "arguments", "code", "failing"),
    [
        ({"KIBO_API_HOST": "a b"}, [], 2, "configuration"),
        ({"KIBO_API_HOST": ""}, [], 2, "configuration"),
        ({"KIBO_API_HOST": "https://127.0.0.1:1"}, [], 3, "tcp"),
        ({"SSL_CERT_FILE": "/nowhere", "KIBO_API_HOST": "https://127.0.0.1:1"}, [], 2, "tls"),
        ({"KIBO_API_HOST": "nowhere.invalid"}, [], 3, "dns"),
        ({"KIBO_API_HOST": "nowhere.invalid", "ALL_PROXY": "socks5://p:1"}, [], 2, "proxy"),
        ({"KIBO_API_HOST": "nowhere.invalid", "KIBO_ACCESS_TOKEN": None}, [], 4, "token"),
        ({"KIBO_ACCESS_TOKEN": "canary-other"}, [], 4, "call"),
        ({"KIBO_ACCESS_TOKEN": "canary\nother"}, [], 2, "token"),
        ({}, ["--profile", "none"], 2, "configuration"),
    ],
)
def test_exit_codes(jobdeck, environ, env, arguments, code, failing):
    result = jobdeck(
        "doctor",
        "-o",
        "json",
        *arguments,
        env={name: value for name, value in {**environ, **env}.items() if value is not None},
    )

    checks = report(result)
    assert result.returncode == code
    assert checks[failing]["state"] == "failed"
    assert checks[failing]["remedy"]
    assert "canary" not in result.stdout + result.stderr


def test_the_terminal_is_looked_at_without_a_configuration(jobdeck, bare):
    checks = report(jobdeck("doctor", "-o", "json", env={**bare, "LC_ALL": "C"}))

    assert {name for name, check in checks.items() if check["state"] == "skipped"} >= {
        "dns",
        "tcp",
        "tls",
        "proxy",
        "token",
        "call",
        "clock",
    }
    assert checks["characters"]["state"] == "warning"


@pytest.mark.parametrize(
    ("locale", "state"),
    [({"LANG": "C"}, "warning"), ({}, "warning"), ({"LANG": "xx_YY.UTF-8"}, "ok"), ({"LC_CTYPE": "C.UTF-8"}, "ok")],
    ids=str,
)
def test_characters_are_those_of_the_locale_that_was_asked_for(jobdeck, bare, locale, state):
    del bare["LANG"]

    characters = report(jobdeck("doctor", "--demo", "-o", "json", env={**bare, **locale}))["characters"]

    assert characters["state"] == state
    assert ("UTF-8" in characters["found"]) == (state == "ok")


@pytest.mark.parametrize(("mode", "state"), [(0o644, "warning"), (0o640, "warning"), (0o600, "ok")])
@pytest.mark.parametrize("has_key", [True, False], ids=["key", "in-the-certificate"])
def test_a_client_key_that_others_may_read_is_warned_of(jobdeck, environ, tmp_path, mode, state, has_key):
    file = tmp_path / "client.pem"
    file.write_bytes((ROOT / "tests/data/tls/good.pem").read_bytes())
    file.chmod(mode)
    options = ["--client-cert", str(file), *(["--client-key", str(file)] if has_key else [])]

    found = report(jobdeck("doctor", "-o", "json", *options))["configuration"]

    assert found["state"] == state
    assert ("holds a private key and is open to other users" in found["found"]) == (state == "warning")
    assert found["remedy"] == ("run chmod 600 on it" if state == "warning" else None)


def test_a_state_folder_that_can_be_made_or_written_is_told_and_left_alone(jobdeck, environ, tmp_path):
    env = {**environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    before = report(jobdeck("doctor", "-o", "json", env=env))["state"]
    folder = tmp_path / "state" / "jobdeck"
    is_made = folder.exists()
    folder.mkdir(parents=True)

    after = report(jobdeck("doctor", "-o", "json", env=env))["state"]

    assert (before["state"], before["found"]) == ("ok", f"{folder} can be made")
    assert (after["state"], after["found"]) == ("ok", f"{folder} can be written")
    assert (is_made, list(folder.iterdir())) == (False, [])


@pytest.mark.parametrize("made", ["file", "link"])
def test_a_state_folder_that_cannot_be_written_is_a_warning_with_the_remedy(jobdeck, environ, tmp_path, made):
    place = tmp_path / "state"
    place.write_text("no folder") if made == "file" else place.symlink_to(tmp_path / "nowhere")

    result = jobdeck("doctor", "-o", "json", env={**environ, "XDG_STATE_HOME": str(place)})

    state = report(result)["state"]
    assert (result.returncode, state["state"]) == (0, "warning")
    assert "cannot be written: " in state["found"]
    assert "XDG_STATE_HOME" in state["remedy"]


def test_the_demo_needs_nothing(jobdeck, bare):
    checks = report(jobdeck("doctor", "--demo", "-o", "json", env=bare))

    assert {
        name: checks[name]["state"] for name in ("configuration", "tcp", "token", "call", "clock")
    } == dict.fromkeys(("configuration", "tcp", "token", "call", "clock"), "ok")


def test_profiles_that_are_not_used_are_looked_at_too(jobdeck, environ, tmp_path):
    file = tmp_path / ".config" / "jobdeck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[profiles.b]\napi_hots = "x"\n')
    file.chmod(0o600)

    checks = report(jobdeck("doctor", "-o", "json"))

    assert checks["configuration"]["state"] == "warning"
    assert "profile b has the unknown key 'api_hots'" in checks["configuration"]["found"]
    assert checks["configuration"]["remedy"] == "did you mean api_host?"


@pytest.mark.parametrize("arguments", [[], ["-o", "json"], ["--log-file", "~/log"]], ids=" ".join)
@pytest.mark.parametrize("token", [TOKEN, "canary-refused", "eyJhbGciOi.canary.canary"])
def test_the_token_appears_nowhere(jobdeck, environ, tmp_path, faults, token, arguments):
    faults.answer_next(
        401, body=f'{{"message": "Bearer {token} is bad"}}'.encode(), headers={"x-vol-correlation": token}
    )

    result = jobdeck("doctor", *arguments, env={**environ, "KIBO_ACCESS_TOKEN": token})

    assert result.returncode == 4
    assert "canary" not in result.stdout + result.stderr
    assert not any("canary" in file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file())


def configured(result):
    found = json.loads(result.stdout)
    assert problems_of(found, "doctor/schema.json") == []
    return [check["found"] for check in found["checks"] if check["name"] == "configuration"], {
        check["name"]: check["state"] for check in found["checks"]
    }


@pytest.mark.parametrize(
    ("arguments", "env", "named"),
    [
        ([], {"JOBDECK_INTERVAL": "zz"}, ["JOBDECK_INTERVAL 'zz'"]),
        (["--interval", ""], {}, ["--interval ''"]),
        (["--log-file", "/none/a.log"], {}, ["--log-file '/none/a.log'"]),
        (["--log-file", "~nobody-knows/a"], {}, ["--log-file '~nobody-knows/a'"]),
        (
            ["--read-timeout", "0", "--max-rate", "x"],
            {"JOBDECK_ASCII": "x"},
            ["--max-rate 'x'", "--read-timeout '0'", "JOBDECK_ASCII 'x'"],
        ),
    ],
    ids=str,
)
def test_a_wrong_setting_that_is_not_the_api_s_stops_no_check(jobdeck, environ, arguments, env, named):
    result = jobdeck("doctor", "-o", "json", *arguments, env={**environ, **env})

    found, states = configured(result)
    assert result.returncode == 2
    assert [line.startswith(start) for line, start in zip(found, named, strict=True)] == [True] * len(named)
    assert (states["configuration"], states["call"], states["clock"]) == ("failed", "ok", "ok")


def test_a_wrong_setting_of_a_profile_is_left_at_its_default(jobdeck, environ, tmp_path):
    file = tmp_path / ".config" / "jobdeck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[profiles.a]\napi_host = "{environ.pop("KIBO_API_HOST")}"\ninterval = "zz"\n')
    file.chmod(0o600)

    found, states = configured(jobdeck("doctor", "-o", "json", "--profile", "a", env=environ))

    assert [line.partition(" is ")[0] for line in found] == ["interval of profile a 'zz'"]
    assert (states["token"], states["call"]) == ("ok", "ok")


def test_each_wrong_setting_gets_its_line_though_the_api_s_is_wrong_too(jobdeck, environ):
    found, states = configured(jobdeck("doctor", "-o", "json", "--interval", "zz", "--api-host", "a b"))

    assert [line.split()[0] for line in found] == ["--interval", "--api-host"]
    assert states["call"] == "skipped"


def test_a_token_that_a_good_answer_repeats_is_not_shown(jobdeck, faults):
    faults.answer_always(200, body=b"[]", headers={"x-vol-correlation": TOKEN})

    result = jobdeck("doctor")

    assert "correlation [secret]" in result.stdout
    assert "canary" not in result.stdout + result.stderr


def test_a_hanging_resolver_holds_nothing(jobdeck, environ, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(HANGING_RESOLVER)
    env = {**environ, "KIBO_API_HOST": "queue.test", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    begin_s = time.monotonic()

    result = jobdeck("doctor", env=env)

    assert result.returncode == 3
    assert "cannot resolve queue.test within 5 s" in result.stdout
    assert 4 < time.monotonic() - begin_s < 12


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_it_at_once_with_what_was_found(started, environ, tmp_path, number):
    (tmp_path / "sitecustomize.py").write_text(HANGING_RESOLVER)
    process = started("doctor", env={**environ, "KIBO_API_HOST": "queue.test", "PYTHONPATH": f"{tmp_path}:{ROOT}"})
    first = process.stdout.readline()
    begin_s = time.monotonic()

    process.send_signal(number)

    assert process.wait(5) == 128 + number
    assert time.monotonic() - begin_s < 2
    assert first.startswith("ok       configuration")


def test_a_closed_pipe_ends_quietly(started):
    process = started("doctor")
    process.stdout.close()

    assert process.wait(20) == 141
    assert process.stderr.read() == ""


def test_tests_on_request_need_a_terminal(jobdeck):
    result = jobdeck("doctor", "--test-clipboard", "--test-notification", "-o", "json")

    checks = report(result)
    assert "\x1b" not in result.stdout + result.stderr
    assert {name: checks[name]["state"] for name in ("clipboard", "notification")} == {
        "clipboard": "skipped",
        "notification": "skipped",
    }


@pytest.mark.parametrize("variable", ["TERM", "COLORTERM", "LANG", "STY", "TMUX", "SSH_CONNECTION", "COLUMNS", "TZ"])
def test_variable_of_the_terminal_that_is_no_text_changes_no_other_check(jobdeck, environ, variable):
    result = jobdeck("doctor", env={**environ, "TERM": "xterm-256color", variable: "\udcff\udcfe\x1b[31m"})

    assert result.returncode == 0
    assert [line.split()[1] for line in result.stdout.splitlines() if line[:1] != " "] == NAMES
    assert "\x1b" not in result.stdout
    assert "Traceback" not in result.stderr
