"""A bug anywhere in a command: one safe line, an entry in the crash log, exit code 70 (tui/scripts/README.md, Exit codes)."""

import re
import signal
import stat
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.cli.conftest import LIMIT_S, until
from tests.support.planted_bugs import planted

BUGS = {
    "formatter of a table": ("tui.scripts.formats:as_table", "get", "1", "-o", "table"),
    "formatter of CSV": ("tui.scripts.formats:as_csv", "find", "-o", "csv"),
    "formatter of JSON": ("tui.scripts.json_output:as_json", "wait", "1", "-o", "json"),
    "formatter of an event": ("tui.scripts.json_output:event_as_jsonl", "watch", "1", "-o", "jsonl"),
    "formatter of a line": ("tui.scripts.formats:event_line", "watch", "1"),
    "event": ("tui.scripts.watch:EventLog.news", "wait", "1"),
    "publishing": ("tui.monitor.monitor:Monitor._publish", "wait", "1"),
    "listener": ("tui.scripts.watch:Watching._receive", "watch", "1"),
    "start": ("tui.cli.build:opened_api", "get", "1"),
    "start of the monitor": ("tui.monitor.monitor:Monitor.__init__", "wait", "1"),
    "settings": ("tui.cli.build:resolve_raw", "find"),
    "end": ("tui.cli.follow:end_notes", "wait", "1"),
    "exit code": ("tui.scripts.wait_state:outcome_of", "watch", "1"),
    "progress": ("tui.cli.follow:AccessNotes", "watch", "1"),
    "closing": ("tui.api.client:JobClient.aclose", "get", "1"),
    "doctor": ("tui.doctor.report:as_lines", "doctor"),
    "doctor's JSON": ("tui.doctor.report:as_json", "doctor", "-o", "json"),
    "config": ("tui.settings.explain:explain", "config", "show"),
    "simulator": ("tui.simulator.app:create_app", "simulate", "--port", "0"),
    "options": ("tui.cli.options:chosen", "get", "1"),
    "help": ("tui.cli.main:JobDeckGroup.format_commands", "--help"),
    "import of a command": ("tui.cli.commands.get", "get", "1"),
    "import of a part": ("tui.monitor.monitor", "wait", "1"),
    "import of the command line": ("tui.cli.main", "get", "1"),
}


@pytest.fixture
def run(environ):
    def run(place, *arguments, **variables):
        return subprocess.run(
            planted(place, *arguments),
            env={**environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LIMIT_S,
            check=False,
        )

    return run


@pytest.fixture
def started_with(environ):
    """Starts a command with a bug in it, and ends it with the test if it still runs."""
    processes = []

    def start(place, *arguments):
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            planted(place, *arguments), env=environ, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def log(environ, tmp_path):
    environ["XDG_STATE_HOME"] = str(tmp_path / "state")
    return tmp_path / "state" / "jobdeck" / "crash.log"


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_a_bug_ends_with_code_70_one_safe_line_and_an_entry_in_the_log(run, log, bug):
    result = run(*bug)

    line = result.stderr.splitlines()[-1]
    assert result.returncode == 70
    assert line.startswith("jobdeck: internal error: ZeroDivisionError: ")
    assert line.endswith(f"; please report it; details: {log}")
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback (most recent call last)" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    for text in (result.stdout, result.stderr, log.read_text()):
        assert text.replace("\n", "").isprintable()
        assert "canary" not in text


def test_a_bug_of_the_tab_key_is_no_traceback(run, log):
    result = run(
        "tui.cli.completion_values:jobs_seen", _JOBDECK_COMPLETE="bash_complete", _JOBDECK_LINE="jobdeck get 8"
    )

    assert (result.returncode, result.stdout) == (70, "")
    assert result.stderr.startswith("jobdeck: internal error: ZeroDivisionError: ")
    assert log.exists()


@pytest.mark.parametrize(
    "part", ["tui.core.clock", "tui.history.logs", "platformdirs", "tui.core.redaction", "tui.cli.crash_report"]
)
def test_a_bug_that_keeps_the_log_from_being_written_is_said(run, log, part):
    result = run(f"tui.cli.options {part}", "get", "1")

    assert result.returncode == 70
    assert re.fullmatch(
        r"jobdeck: internal error: ZeroDivisionError; please report it, or install jobdeck again.*\n", result.stderr
    )
    assert "canary" not in result.stderr


def test_a_log_that_cannot_be_written_is_said(run, log):
    log.parent.parent.mkdir()
    log.parent.write_text("a file where the folder should be")

    result = run("tui.scripts.formats:as_table", "get", "1")

    assert result.returncode == 70
    assert result.stderr.endswith(f"; please report it; {log} cannot be written: file exists\n")
    assert "(tui/" in result.stderr


def test_a_bug_of_the_monitor_is_said_and_polling_goes_on_until_it_meets_nothing_else(run, log):
    result = run("tui.monitor.monitor_state:MonitorState.answered", "wait", "1")

    first, *others = result.stderr.splitlines()
    assert result.returncode == 70
    assert first.startswith("jobdeck: internal error, polling goes on: ZeroDivisionError: ")
    assert [line.partition(" Zero")[0] for line in others] == ["jobdeck: internal error:"]
    assert log.read_text().count("Traceback (most recent call last)") >= 3


def test_a_bug_of_a_request_of_the_simulator_is_reported(started_with, log):
    process = started_with("tui.simulator.queue:JobQueue.job", "simulate", "--port", "0")
    url = re.search(r"http://\S+?(?=/api)", process.stdout.readline())[0]

    request = urllib.request.Request(
        f"{url}/api/commerce/inventory/v1/queue/101", headers={"Authorization": "Bearer demo"}
    )

    with pytest.raises(urllib.error.HTTPError, match="500"):
        urllib.request.urlopen(request)

    until(log.exists)
    process.send_signal(signal.SIGTERM)
    _, complaint = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 143
    assert re.fullmatch("jobdeck: internal error: ZeroDivisionError: .*\n", complaint)


# Signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize(
    "place", ["tui.scripts.watch:Watching.interrupt", "tui.cli.follow:end_notes", "tui.scripts.formats:as_table"]
)
def test_the_code_of_a_signal_wins_over_that_of_a_bug_on_the_way_out(started_with, log, faults, place, number):
    process = started_with(place, "wait", "3", "-o", "table")
    until(lambda: faults.requests)

    process.send_signal(number)

    _, complaint = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 128 + number
    assert "internal error" in complaint
    assert "Traceback (most" not in complaint
    assert "Traceback" in log.read_text()


def test_a_reader_that_has_gone_wins_over_a_bug(started_with, log):
    process = started_with("tui.api.client:JobClient.aclose", "watch", "4", "-o", "jsonl")
    process.stdout.close()

    assert process.wait(LIMIT_S) == 141
    assert len(process.stderr.read().splitlines()) == 1


# Where nothing can catch them

UNCAUGHT = """
import sys, threading, warnings
from tui.cli.crash_report import install_excepthooks
from tui.cli.signals import report_logged

words = "\\x1b[2J Bearer canary"

def bug():
    raise ZeroDivisionError(words)

class Doomed:
    def __del__(self):
        bug()

async def spoil():
    import asyncio
    asyncio.get_running_loop().call_soon(bug)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

install_excepthooks()
report_logged()
{}
"""


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            "thread = threading.Thread(target=bug); thread.start(); thread.join()",
            "jobdeck: internal error: ZeroDivisionError: ",
        ),
        ("import asyncio; asyncio.run(spoil())", "jobdeck: internal error: ZeroDivisionError: "),
        ("import logging; logging.getLogger('library').error(words)", "jobdeck: internal error: RuntimeError: "),
        ("Doomed()", ""),
        ("warnings.warn(words, RuntimeWarning)", ""),
        ("spoil()", ""),
    ],
    ids=["thread", "callback", "library", "destructor", "warning", "never awaited"],
)
def test_a_bug_that_nothing_catches_is_written_down(environ, log, code, line):
    command = [sys.executable, "-c", UNCAUGHT.format(code)]

    result = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=LIMIT_S, check=False)

    assert result.stderr.startswith(line)
    assert len(result.stderr.splitlines()) == bool(line)
    assert "canary" not in result.stderr + log.read_text()
    assert "\x1b" not in result.stderr + log.read_text()
    assert log.read_text()
