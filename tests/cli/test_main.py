import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import until
from tui import __version__
from tui.cli.commands import COMMANDS
from tui.cli.main import run

NAMED = ("find", "get", "simulate", "wait", "watch", "why")
HEAVY = ("textual", "httpx", "pydantic", "starlette", "uvicorn", "platformdirs")


def imported(environ, *arguments):
    """Return the top-level packages in memory after the command line has run."""
    script = (
        "import sys; from tui.cli.main import run; run(sys.argv[1:]); print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environ, capture_output=True, text=True, timeout=20, check=True
    )
    return {name.partition(".")[0] for name in result.stderr.split()}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_imports_nothing_heavy(bare, command):
    assert imported(bare, command, "--help").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["get", "--help"],
        ["config", "show", "--help"],
        ["simulate", "--help"],
        ["completion", "--help"],
        ["--version"],
    ],
    ids=" ".join,
)
def test_help_imports_no_asyncio(bare, arguments):
    """It is half of what help may take: 2.5 times as long as click's import alone (tests.bench, commands)."""
    assert imported(bare, *arguments).isdisjoint({*HEAVY, "asyncio"})


def test_the_list_of_commands_imports_none_of_them(bare):
    assert {"tomllib", "difflib"}.isdisjoint(imported(bare, "--help"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_among_the_imports_ends_it_quietly(bare, tmp_path, number):
    (tmp_path / "click.py").write_text(f"import os, time\nos.kill(os.getpid(), {number})\ntime.sleep(20)\n")
    result = subprocess.run(
        [sys.executable, "-m", "tui", "--help"],
        env={**bare, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (128 + number, "", "")


@pytest.mark.parametrize("arguments", [["get", "1"], ["doctor"]], ids=" ".join)
def test_scripts_import_no_screen_and_no_server(environ, arguments):
    packages = imported(environ, *arguments)

    assert {"httpx", "pydantic"} <= packages
    assert packages.isdisjoint({"textual", "starlette", "uvicorn"})


@pytest.mark.parametrize(
    "arguments", [["--help"], ["get", "--help"], ["doctor", "-h"], ["simulate", "-h"], ["101", "--help"]], ids=" ".join
)
def test_help_has_an_example(jobdeck, bare, arguments):
    result = jobdeck(*arguments, env=bare)

    assert (result.returncode, result.stderr) == (0, "")
    assert "Examples:\n    jobdeck " in result.stdout or "Examples:\n  jobdeck " in result.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["get", "--help"]], ids=" ".join)
def test_help_into_a_full_disk_is_said_in_one_line(bare, arguments):
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "tui", *arguments],
            env=bare,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=20,
            check=False,
        )

    assert (result.returncode, result.stderr) == (
        2,
        "jobdeck: standard output cannot be written: no space left on device; check where it goes, and how full that disk is\n",
    )


@pytest.mark.parametrize(
    ("option", "guess"),
    [
        ("--timeot", "did you mean --read-timeout? "),
        ("--tokn-file", "did you mean --token-file? "),
        ("--xyzzy", ""),
        ("-q", ""),
    ],
    ids=str,
)
def test_an_option_that_there_is_not_is_told_with_the_nearest(jobdeck, bare, option, guess):
    result = jobdeck("get", "1", option, "x", env=bare)

    assert (result.returncode, result.stderr) == (
        2,
        f"jobdeck: no such option '{option}'; {guess}see jobdeck get --help\n",
    )


@pytest.mark.parametrize(
    ("arguments", "owners"),
    [
        (["--timeout", "5", "1"], "jobdeck wait and jobdeck watch"),
        (["get", "1", "--limit", "5"], "jobdeck find and jobdeck history"),
        (
            ["-o", "json", "get", "1"],
            "jobdeck doctor, jobdeck find, jobdeck get, jobdeck history, jobdeck wait, jobdeck watch and jobdeck why",
        ),
    ],
    ids=" ".join,
)
def test_an_option_of_another_command_names_that(jobdeck, bare, arguments, owners):
    result = jobdeck(*arguments, env=bare)

    assert result.returncode == 2
    assert f"; it belongs to {owners}; see jobdeck" in result.stderr


def test_a_command_below_a_command_is_suggested_too(capsys):
    assert run(["config", "shwo"]) == 2
    assert (
        capsys.readouterr().err == "jobdeck: no such command 'shwo'; did you mean 'show'? see jobdeck config --help\n"
    )


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("wiat", "did you mean `jobdeck wait`?"),
        ("ls", "did you mean `jobdeck find`?"),
        ("list", "did you mean `jobdeck find`?"),
        ("lits", "did you mean `jobdeck find`?"),
        ("status", "did you mean `jobdeck get`?"),
        ("stauts", "did you mean `jobdeck get`?"),
        ("FIND", "did you mean `jobdeck find`?"),
        ("tail", "did you mean `jobdeck watch`?"),
        ("login", "did you mean `jobdeck config init`?"),
        ("serve", "did you mean `jobdeck simulate`?"),
        ("demo", "did you mean `jobdeck --demo`?"),
        ("man", "did you mean `jobdeck --man`?"),
        ("xyzzy", "`jobdeck --help` lists the commands"),
    ],
)
@pytest.mark.parametrize("more", [(), ("884213",), ("--status", "FAILED"), ("-o", "json", "1")], ids=" ".join)
def test_a_bare_word_suggests_a_command(capsys, word, remedy, more):
    code = run([word, *more])

    assert (code, capsys.readouterr()) == (2, ("", f"jobdeck: '{word}' is neither a command nor a job id; {remedy}\n"))


@pytest.mark.parametrize("word", ["1a", "a1", "inv.csv", "a/b", "w@it", "\u200bwait", ""], ids=ascii)
def test_a_word_that_is_more_than_letters_is_taken_for_a_job(capsys, word):
    assert run([word]) == 2
    assert "is neither a command" not in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_writes_the_script(capsys, shell):
    code = run(["completion", shell])

    assert code == 0
    assert f"completion of jobdeck for {shell}" in capsys.readouterr().out.lower()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no shell given; give one of bash, zsh, fish"),
        (["powershell"], "shell 'powershell' is unknown; give one of bash, zsh, fish"),
        (["zhs"], "shell 'zhs' is unknown; did you mean zsh?"),
    ],
    ids=str,
)
def test_completion_names_the_shells(capsys, arguments, message):
    assert run(["completion", *arguments]) == 2
    assert capsys.readouterr().err == f"jobdeck: {message}\n"


@pytest.mark.parametrize(
    "value",
    [["--client-secret", "canary"], ["--client-secret=canary"], ["--token", "canary"], ["--Password=canary"]],
    ids=str,
)
@pytest.mark.parametrize("command", [[], ["get", "1"], ["config", "init"]], ids=" ".join)
def test_a_secret_is_never_an_option_and_is_not_repeated(jobdeck, bare, command, value):
    result = jobdeck(*command, *value, env=bare)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"jobdeck: {value[0].partition('=')[0]} is not an option: the process list would show its value; "
        "set KIBO_ACCESS_TOKEN, or KIBO_SHARED_SECRET for a client id, or give --token-file\n"
    )


@pytest.mark.parametrize("word", ["help", "version"])
def test_a_command_of_other_programs_names_the_option(jobdeck, bare, word):
    result = jobdeck(word, env=bare)

    assert (result.returncode, result.stderr) == (2, f"jobdeck: '{word}' is not a command; give jobdeck --{word}\n")


def test_version(jobdeck, bare):
    assert jobdeck("--version", env=bare).stdout == f"jobdeck {__version__}\n"


@pytest.mark.parametrize("env", [{}, {"TERM": "dumb"}, {"TERM": "xterm"}], ids=["none", "dumb", "pipe"])
def test_the_app_without_a_terminal_names_get_and_exits_with_2(jobdeck, environ, env):
    result = jobdeck("101", env={**environ, **env})

    assert (result.returncode, result.stdout) == (2, "")
    assert re.fullmatch(r"jobdeck: .*terminal.*`jobdeck get .*\n", result.stderr)


def test_demo_without_a_terminal_prints_changes_and_exits_with_0(jobdeck, bare):
    result = jobdeck("--demo", env={**bare, "TERM": "xterm-256color"})

    lines = result.stdout.splitlines()
    assert result.returncode == 0
    assert all(re.match(r"\d\d:\d\d:\d\dZ 8842\d\d [A-Z]", line) for line in lines[:-1])
    assert any("WORKING -> SUCCESS" in line for line in lines)
    assert any("WORKING -> FAILED" in line for line in lines)
    assert lines[-1].startswith("38 jobs: 31 SUCCESS, 5 FAILED, 1 PENDING, 1 GONE")
    assert result.stdout.isascii()
    assert "\x1b" not in result.stdout


def test_demo_ends_quietly_when_nobody_reads(started, bare):
    process = started("--demo", env=bare)
    process.stdout.readline()
    process.stdout.close()

    assert process.wait(20) == 141
    assert process.stderr.read().count("\n") == 1


def test_demo_leaves_nothing_behind(jobdeck, bare, tmp_path):
    jobdeck("get", "--demo", "884204", env=bare)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_get_at_once_and_quietly(started, faults, number):
    faults.delay_s = 10
    process = started("get", "1")
    until(lambda: faults.requests)

    process.send_signal(number)

    assert process.wait(5) == 128 + number
    assert process.stderr.read() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_simulate_answers_at_its_address_until_a_signal(started, jobdeck, bare, number):
    process = started("simulate", "--port", "0", "--speed", "5", "--scenario", "still:7", env=bare)
    greeting = [process.stdout.readline() for _ in range(8)]
    settings = dict(pair.split("=") for pair in greeting[2].removeprefix("export ").split())

    result = jobdeck("get", "1-7", "-o", "json", env={**bare, **settings})
    process.send_signal(number)

    assert [job["jobID"] for job in json.loads(result.stdout)] == list(range(1, 8))
    assert re.fullmatch(
        r"export KIBO_API_HOST=(\S+) KIBO_AUTH_HOST=\1 KIBO_TENANT=\d+ KIBO_CLIENT_ID=demo KIBO_SHARED_SECRET=demo\n",
        greeting[4],
    )
    assert process.wait(5) == 128 + number
    assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--scenario", "storm"], "storm"),
        (["--port", "abc"], "jobdeck: --port 'abc' is not a valid number; give one from 0 to 65535\n"),
        (["--port", "70000"], "'70000'"),
        (["--port", "80.5"], "'80.5'"),
        (["--speed", "0"], "--speed '0' is not a valid number; give one from 0.01 to 1000\n"),
        (["--speed", "nan"], "'nan'"),
        (["--seed", "x"], "'x'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_simulate_names_what_it_cannot_do(jobdeck, bare, arguments, named):
    result = jobdeck("simulate", *arguments, env=bare)

    assert (result.returncode, result.stdout) == (2, "")
    assert named in result.stderr


SHARED = "--profile x --api-host h --auth-host a --site 1 --env sb --region usc1 --token-file t --token-command c --interval 5 --max-rate 60/min"


def test_simulate_takes_the_shared_options_and_logs_what_it_serves(started, jobdeck, bare, tmp_path):
    log = tmp_path / "served.log"
    options = [*SHARED.split(), "--tenant", "4711", "--log-file", str(log)]
    process = started(*options[:4], "simulate", "--port", "0", "--scenario", "still:7", *options[4:], env=bare)
    greeting = [process.stdout.readline() for _ in range(8)]
    settings = dict(pair.split("=") for pair in greeting[4].removeprefix("export ").split())

    result = jobdeck("get", "1", "-o", "json", env={**bare, **settings})

    (job,) = json.loads(result.stdout)
    token_call, call = [json.loads(line) for line in log.read_text().splitlines()]
    assert (settings["KIBO_TENANT"], job["job"]["tenantID"]) == ("4711", 4711)
    assert {name: token_call[name] for name in ("level", "event", "method", "status")} == {
        "level": "info", "event": "served", "method": "POST", "status": 200
    }  # fmt: skip
    assert (call["method"], call["url"], call["status"]) == ("GET", "/api/commerce/inventory/v1/queue/1", 200)
    assert call["bytes"] > 100
    assert set(call) == {"at", "level", "event", "method", "url", "status", "correlationId", "bytes", "ms"}
    assert "earer" not in log.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tenant", "acme"], "--tenant 'acme' is no number"),
        (["--interval", "soon"], "--interval 'soon' is no interval"),
        (["--log-file", "/proc/no/log"], "--log-file '/proc/no/log' cannot be written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_simulate_judges_the_shared_options(jobdeck, bare, arguments, message):
    result = jobdeck("simulate", "--port", "0", *arguments, env=bare)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"jobdeck: {message}")


def test_simulate_says_that_a_port_is_taken(jobdeck, bare, server):
    result = jobdeck("simulate", "--port", server.url.rpartition(":")[2], env=bare)

    assert result.returncode == 2
    assert "--port" in result.stderr
