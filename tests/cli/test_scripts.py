"""`watch` and `wait` as a CI script meets them: processes, exit codes, streams and signals, against a real socket."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
import unicodedata

import pytest

from tests.cli.conftest import ROOT, TOKEN, until
from tests.faults.test_names import SLOW_RESOLVER
from tests.support import warm
from tui.simulator.queue import SimJob

BOTH = pytest.mark.parametrize("command", ["watch", "wait"])
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)


@pytest.fixture
def live(queue):
    """Puts jobs into the queue whose moments count from now."""

    def add(*jobs):
        for job_id, fields in enumerate(jobs, 11):
            moments = {
                name: queue.now_s + fields.pop(name) for name in ("added_s", "start_s", "end_s") if name in fields
            }
            queue.add(SimJob(**{"job_id": job_id, "added_s": -5.0, **fields, **moments}))

    return add


def ended(process, *, within_s=20):
    stdout, stderr = process.communicate(timeout=within_s)
    return process.returncode, stdout, stderr


# Exit codes


@BOTH
def test_0_every_job_is_success(jobdeck, command):
    result = jobdeck(command, "1")

    assert (result.returncode, result.stderr) == (0, "")
    assert "SUCCESS" in result.stdout


@BOTH
def test_0_once_a_live_job_has_ended_well(jobdeck, live, command):
    live({"start_s": 0.0, "end_s": 2.0})

    assert jobdeck(command, "11", "--interval", "0.5").returncode == 0


@BOTH
def test_1_a_job_is_failed(jobdeck, command):
    result = jobdeck(command, "1", "2")

    assert (result.returncode, result.stderr) == (1, "")


@BOTH
def test_1_at_once_with_fail_fast(jobdeck, live, command):
    live({"start_s": 0.0, "end_s": 1.5, "status": "FAILED"})

    result = jobdeck(command, "3", "11", "--fail-fast", "--interval", "0.5")

    assert result.returncode == 1
    assert "PENDING" in result.stdout


@BOTH
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "no JOB given"),
        (["1", "x7"], "JOB 2: 'x7' is no job id"),
        (
            ["1", "--timeout", "soon"],
            "jobdeck: --timeout 'soon' is not a valid duration; give 90, 30s, 30m, 1.5h or 1h30m\n",
        ),
        (
            ["1", "--settle", "5s"],
            "jobdeck: --settle applies only to a file; give --file NAME with it, or leave it out\n",
        ),
        (["--file", " "], "jobdeck: --file is empty; give a value or leave it out\n"),
        (["1", "--wait-for-start", "1h30"], "'1h30' is not a valid duration"),
        (["1", "-o", "yaml"], "'yaml'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_2_wrong_usage(jobdeck, command, arguments, named):
    result = jobdeck(command, *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert named in result.stderr
    assert result.stderr.count("\n") == 1


@BOTH
def test_4_the_token_is_refused(jobdeck, environ, faults, command):
    result = jobdeck(command, "1-50", env={**environ, "KIBO_ACCESS_TOKEN": "wrong-canary"})

    assert result.returncode == 4
    assert faults.requests <= 2
    assert "canary" not in result.stdout + result.stderr


@BOTH
def test_4_there_is_no_token(jobdeck, environ, command):
    environ.pop("KIBO_ACCESS_TOKEN")

    result = jobdeck(command, "1")

    assert result.returncode == 4
    assert "KIBO_ACCESS_TOKEN" in result.stdout + result.stderr
    assert "no access token" in result.stderr


@pytest.mark.long
def test_5_a_job_does_not_exist(started):
    processes = [started("watch", "1", "999"), started("wait", "1", "999", "-o", "id")]

    results = [ended(process, within_s=60) for process in processes]

    assert [code for code, _, _ in results] == [5, 5]
    assert "999 NOT FOUND" in results[0][1]
    assert (results[1][1], "999: " in results[1][2]) == ("1\n", True)


@BOTH
def test_5_a_job_does_not_exist_within_the_time_that_was_told(jobdeck, command):
    result = jobdeck(command, "1", "999", "--wait-for-start", "1s")

    assert result.returncode == 5


@BOTH
def test_5_the_file_does_not_exist(jobdeck, command):
    result = jobdeck(command, "--file", "none.csv", "--wait-for-start", "1s")

    assert result.returncode == 5
    assert "no job of the file 'none.csv' came within 1s" in result.stderr


@BOTH
def test_124_the_timeout_has_passed_and_what_is_known_is_printed(jobdeck, command):
    result = jobdeck(command, "1", "3", "--timeout", "1s")

    assert result.returncode == 124
    assert "SUCCESS" in result.stdout
    assert "PENDING" in result.stdout
    assert result.stderr == "jobdeck: timed out after 1s: 1 job not ended: 3\n"


@BOTH
@pytest.mark.parametrize(
    ("jobs", "code", "note"),
    [
        ("1", 0, ""),
        ("1-2", 1, ""),
        ("1,3", 124, "jobdeck: looked once: 1 job not ended: 3\n"),
        ("1,999", 5, None),
    ],
)
def test_a_timeout_of_0_looks_once(jobdeck, command, jobs, code, note):
    result = jobdeck(command, jobs, "--timeout", "0")

    assert result.returncode == code
    assert "SUCCESS" in result.stdout
    assert note is None or result.stderr == note


@BOTH
@SIGNALS
def test_130_and_143_a_signal_prints_what_is_known(started, faults, command, number):
    process = started(command, "1", "3")
    until(lambda: faults.requests >= 3)  # the third asks again, so both have been answered
    time_s = time.monotonic()

    process.send_signal(number)
    code, stdout, stderr = ended(process)

    assert time.monotonic() - time_s < 2
    assert (code, stderr) == (128 + number, "")
    assert "SUCCESS" in stdout
    assert "PENDING" in stdout


@SIGNALS
def test_a_signal_in_the_middle_of_get_prints_what_was_read(started, faults, number):
    faults.answer_always(429, retry_after="9", path_part="/3")
    process = started("get", "1", "3", "-o", "json")
    until(lambda: faults.requests >= 2)  # the first leaves alone, so it has been answered
    time_s = time.monotonic()

    process.send_signal(number)
    code, stdout, stderr = ended(process)

    assert time.monotonic() - time_s < 2
    assert (code, stderr) == (128 + number, "")
    known = [(reading["jobID"], reading["status"], reading["error"]) for reading in json.loads(stdout)]
    assert known == [(1, "SUCCESS", None), (3, None, None)]


@SIGNALS
def test_a_signal_ends_it_while_a_name_look_up_hangs(started, environ, tmp_path, number):
    asked = tmp_path / "asked"
    (tmp_path / "sitecustomize.py").write_text(SLOW_RESOLVER.format(asked=str(asked)))
    env = {**environ, "KIBO_API_HOST": "https://queue.test", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    process = started("wait", "1", "-o", "json", env=env)
    until(asked.exists)
    time_s = time.monotonic()

    process.send_signal(number)
    code, stdout, _ = ended(process)

    assert time.monotonic() - time_s < 2
    assert code == 128 + number
    assert [job["status"] for job in json.loads(stdout)] == [None]


def test_a_timeout_is_kept_while_a_name_look_up_hangs(started, environ, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(SLOW_RESOLVER.format(asked=str(tmp_path / "asked")))
    env = {**environ, "KIBO_API_HOST": "https://queue.test", "PYTHONPATH": f"{tmp_path}:{ROOT}"}

    assert ended(started("wait", "1", "--timeout", "1", env=env), within_s=6)[0] == 124


@SIGNALS
def test_a_signal_ends_it_while_its_reader_has_stalled(started, live, number):
    live(*({"extra": {"note": "x" * 2000}} for _ in range(100)))
    process = started("watch", "11-110", "-o", "jsonl")
    process.stdout.readline()
    time_s = time.monotonic()

    process.send_signal(number)

    assert process.wait(10) == 128 + number
    assert time.monotonic() - time_s < 3


@pytest.mark.parametrize(
    "arguments", [["watch", "1"], ["watch", "1", "-o", "jsonl"], ["wait", "1", "-o", "json"]], ids=" ".join
)
def test_141_a_closed_pipe_is_quiet(started, arguments):
    process = started(*arguments)
    process.stdout.close()

    assert process.wait(20) == 141
    assert process.stderr.read() == ""


# Files


@pytest.mark.long
def test_late_jobs_of_a_file_are_in_the_result_and_in_the_events(started, live):
    """Both commands at once: either takes 20 s."""
    live(
        {"original_filename": "late.csv", "start_s": 0.0, "end_s": 1.0},
        {"original_filename": "late.csv", "added_s": 4.0, "start_s": 5.0, "end_s": 12.0, "status": "FAILED"},
        {"original_filename": "other.csv"},
    )
    of_file = ("--file", "late.csv", "--settle", "5", "--interval", "0.5")
    processes = [started("wait", *of_file, "--timeout", "30m", "-o", "json"), started("watch", *of_file, "-o", "jsonl")]

    (waited, result, complaint), (watched, lines, _) = [ended(process, within_s=60) for process in processes]

    events = [json.loads(line) for line in lines.splitlines()]
    assert (waited, watched, complaint) == (1, 1, "")
    assert sorted((job["jobID"], job["status"]) for job in json.loads(result)) == [(11, "SUCCESS"), (12, "FAILED")]
    assert sorted(event["jobID"] for event in events if event["event"] == "snapshot") == [11, 12]
    assert events[-1]["counts"] == {"SUCCESS": 1, "FAILED": 1}


SUMMARY = "3 jobs: 2 SUCCESS, 1 FAILED\n"


@pytest.mark.parametrize(
    ("more", "ids", "end"),
    [
        ((), ["12"], SUMMARY),
        (("-o", "table"), ["JOB", "12"], SUMMARY),
        (("--all",), ["11", "12", "13"], "13  SUCCESS  REFRESH  W01  bad.csv  0 items\n"),
        (("-o", "csv"), ["jobID,status", "11", "12", "13"], None),
        (("-o", "id"), ["11", "12", "13"], "13\n"),
    ],
    ids=repr,
)
def test_the_result_of_a_file_is_what_failed_and_the_totals(jobdeck, live, more, ids, end):
    over = {"original_filename": "bad.csv", "added_s": -9.0, "start_s": -8.0, "end_s": -7.0}
    live({**over}, {**over, "status": "FAILED"}, over)

    result = jobdeck("wait", "--file", "bad.csv", "--timeout", "0", *more)

    begun = [line for line in result.stdout.splitlines() if line.lstrip().startswith(("JOB", "job", "1"))]
    assert (result.returncode, len(begun), result.stderr) == (1, len(ids), "")
    assert end is None or result.stdout.endswith(end)


def test_the_result_of_a_file_without_a_failure_is_the_totals(jobdeck):
    result = jobdeck("wait", "--file", "inv.csv", "--timeout", "0")

    assert (result.returncode, result.stdout) == (0, "1 job: 1 SUCCESS\n")


@pytest.mark.long
@pytest.mark.parametrize(
    "name", [unicodedata.normalize("NFD", "재고.csv"), "재고.csv", "a\u00a0b\u034f.csv"], ids=ascii
)
def test_a_file_is_requested_by_its_name_as_it_was_given(jobdeck, live, name):
    live({"original_filename": name, "start_s": 0.0, "end_s": 1.0}, {"original_filename": "other.csv"})

    found = jobdeck("find", "--file", name, "-o", "id")
    waited = jobdeck("wait", "--file", name, "--settle", "1", "--interval", "0.5", "-o", "id")

    assert (found.stdout, waited.stdout, waited.returncode) == ("11\n", "11\n", 0)


@pytest.mark.parametrize(("given", "kept"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFC", "NFC")])
def test_a_file_is_found_in_the_other_normal_form_too(jobdeck, live, given, kept):
    live(
        {
            "original_filename": unicodedata.normalize(kept, "Zürich 재고.csv"),
            "added_s": -9.0,
            "start_s": -8.0,
            "end_s": -7.0,
        }
    )
    name = unicodedata.normalize(given, "Zürich 재고.csv")

    waited = jobdeck("wait", "--file", name, "--settle", "1", "--interval", "0.5", "-o", "id")
    looked = jobdeck("wait", "--file", name, "--timeout", "0", "-o", "id")
    found = jobdeck("find", "--file", name, "-o", "id")

    assert [(result.returncode, result.stdout, result.stderr) for result in (waited, looked, found)] == [
        (0, "11\n", "")
    ] * 3


def test_each_unicode_form_of_a_name_without_jobs_is_requested_once(jobdeck, faults):
    jobdeck("wait", "--file", "none.csv", "--timeout", "0")
    plain = faults.requests

    result = jobdeck("wait", "--file", "keiné.csv", "--timeout", "0")

    assert result.returncode == 5
    assert faults.requests - plain == plain + 1


@pytest.mark.parametrize("which", [["--file", "none.csv"], ["--file", "none*", "--newest"]], ids=" ".join)
def test_one_look_is_not_told_to_wait_longer_for_the_start(jobdeck, which):
    result = jobdeck("wait", *which, "--timeout", "0", "-o", "json")

    assert result.returncode == 5
    assert "raise --wait-for-start" not in result.stderr
    assert "a --timeout above 0" in result.stderr


def test_a_file_that_does_not_come_is_said_to_have_been_waited_for(jobdeck):
    result = jobdeck("wait", "--file", "keiné.csv", "--wait-for-start", "2s", "-o", "id")

    assert result.returncode == 5
    assert "came within 2s; check its exact name and the tenant, or raise --wait-for-start" in result.stderr


def test_a_job_that_comes_late_is_waited_for(jobdeck, live):
    live({"added_s": 3.0, "start_s": 3.0, "end_s": 4.0})

    assert jobdeck("wait", "11", "--wait-for-start", "60s", "--interval", "0.5").returncode == 0


def test_any_ends_with_the_first(jobdeck):
    assert jobdeck("wait", "3", "1", "--any").returncode == 0


# Tokens


def test_a_token_rotated_in_the_middle_goes_unnoticed(started, environ, tokens, queue, tmp_path, faults):
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(TOKEN)
    environ.pop("KIBO_ACCESS_TOKEN")
    queue.put(11, {"jobID": 11, "status": "WORKING"})
    process = started("watch", "11", "--interval", "0.5", "--token-file", str(file), env=environ)
    until(lambda: faults.requests >= 2)

    tokens.add("renewed-canary")
    file.write_text("renewed-canary")
    tokens.remove(TOKEN)
    queue.put(11, {"jobID": 11, "status": "SUCCESS"})
    code, stdout, stderr = ended(process)

    assert (code, stderr) == (0, "")
    assert "WORKING -> SUCCESS" in stdout


def test_a_token_renewed_while_it_is_refused_is_told(started, environ, tokens, queue, tmp_path, faults):
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(TOKEN)
    environ.pop("KIBO_ACCESS_TOKEN")
    queue.put(11, {"jobID": 11, "status": "WORKING"})
    process = started("watch", "11", "--interval", "0.5", "--token-file", str(file), env=environ)
    until(lambda: faults.requests >= 2)

    tokens.remove(TOKEN)
    refusal = process.stderr.readline()
    tokens.add("renewed-canary")
    file.write_text("renewed-canary")
    acceptance = process.stderr.readline()
    queue.put(11, {"jobID": 11, "status": "SUCCESS"})
    code, stdout, stderr = ended(process)

    assert "not authorised" in refusal
    assert acceptance == "jobdeck: the token is accepted again\n"
    assert (code, stderr) == (0, "")
    assert "SUCCESS" in stdout


# Streams


def test_wait_is_silent_until_the_end(started, queue, faults):
    queue.put(11, {"jobID": 11, "status": "WORKING"})
    process = started("wait", "11", "--interval", "0.5")
    until(lambda: faults.requests >= 3)

    early, _, _ = select.select([process.stdout], [], [], 0)
    queue.put(11, {"jobID": 11, "status": "SUCCESS"})

    assert early == []
    assert ended(process)[1].startswith("11  SUCCESS")


def test_a_line_is_flushed_at_once(started):
    process = started("watch", "1", "3", "-o", "jsonl")

    first = {json.loads(process.stdout.readline())["jobID"] for _ in range(2)}

    assert first == {1, 3}
    assert process.poll() is None


def test_nothing_but_text_reaches_a_pipe(jobdeck, environ):
    for arguments in (["watch", "1-4", "--timeout", "1"], ["wait", "1-4", "--timeout", "1"]):
        result = jobdeck(*arguments, env={**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"})

        assert all(line.isprintable() for line in (result.stdout + result.stderr).split("\n"))


@pytest.fixture
def on_terminal(environ):
    """Runs the command with a terminal for some of its streams; returns what came there, and its standard output."""

    def run(*arguments, streams=("stderr",), **more):
        master, slave = pty.openpty()
        env = {**environ, "TERM": "xterm", "COLUMNS": "60", **more}
        places = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **dict.fromkeys(streams, slave),
        }
        command = [sys.executable, "-W", "error", "-m", "tui", *arguments]
        with warm.Popen(command, env=env, text=True, **places) as process:
            os.close(slave)
            shown = b""
            while chunk := _read(master):
                shown += chunk
            os.close(master)
            stdout = process.stdout.read() if process.stdout else ""
        return shown.decode(), stdout

    return run


def _read(master):
    try:
        return os.read(master, 65536)
    except OSError:  # Linux says so that nobody holds the other end any more
        return b""


def test_progress_is_one_line_that_updates_and_is_gone_in_the_end(on_terminal):
    shown, stdout = on_terminal("wait", "1-4", "--timeout", "2.5")

    lines = shown.split("\r")
    assert any(line.startswith("2 of 4 ended, 1 failed, 1 waiting, 1 working, oldest 0:") for line in lines)
    assert all(len(line) < 70 for line in lines)
    assert "\x1b[Kjobdeck: timed out after 2.5s" in shown
    assert shown.count("\n") == 1
    assert "1  SUCCESS" in stdout


SHELL = """
import fcntl, os, subprocess, sys, termios
fcntl.ioctl(2, termios.TIOCSCTTY, 0)
job = subprocess.Popen(sys.argv[2:], process_group=0)
if sys.argv[1] == "foreground":
    os.tcsetpgrp(2, job.pid)
job.wait()
"""


@pytest.mark.parametrize("place", ["foreground", "background"])
def test_progress_is_silent_in_the_background_of_a_shell(environ, place):
    master, slave = pty.openpty()
    command = [
        sys.executable,
        "-c",
        SHELL,
        place,
        sys.executable,
        "-W",
        "error",
        "-m",
        "tui",
        "wait",
        "1",
        "3",
        "--timeout",
        "2.5",
    ]
    nowhere = subprocess.DEVNULL
    env = {**environ, "TERM": "xterm"}
    with subprocess.Popen(command, env=env, stdin=nowhere, stdout=nowhere, stderr=slave, start_new_session=True):
        os.close(slave)
        shown = b""
        while chunk := _read(master):
            shown += chunk
        os.close(master)

    assert (b"1 of 2 ended" in shown) is (place == "foreground")
    assert (b"\x1b[K" in shown) is (place == "foreground")
    assert b"jobdeck: timed out after 2.5s: 1 job not ended: 3" in shown


@pytest.mark.parametrize("env", [{"CI": "true"}, {"TERM": "dumb"}], ids=str)
def test_progress_stays_away_where_a_line_cannot_update(on_terminal, env):
    shown, _ = on_terminal("wait", "1", "3", "--timeout", "1.5", **env)

    assert shown == "jobdeck: timed out after 1.5s: 1 job not ended: 3\r\n"


def test_a_terminal_gets_a_table_and_colour(on_terminal):
    shown, _ = on_terminal("wait", "1", streams=("stdout",))

    assert shown.startswith("JOB  STATUS")
    assert "\x1b[32mSUCCESS\x1b[0m" in shown


@pytest.mark.parametrize(("env", "has_colour"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=str)
def test_watch_colours_the_status_on_a_terminal_alone(on_terminal, env, has_colour):
    shown, _ = on_terminal("watch", "2", streams=("stdout",), **env)

    assert ("\x1b[31mFAILED\x1b[0m" in shown) is has_colour


@pytest.mark.parametrize(
    ("command", "env", "has_colour"),
    [
        *((command, {"CLICOLOR_FORCE": "1"}, True) for command in ("get", "wait", "watch")),
        ("get", {"FORCE_COLOR": "1"}, True),
        ("get", {"CLICOLOR_FORCE": "1", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("wait", {}, False),
    ],
    ids=str,
)
def test_colour_that_is_forced_is_in_the_lines_of_all(jobdeck, environ, command, env, has_colour):
    shown = jobdeck(command, "2", env={**environ, **env}).stdout

    assert ("\x1b[31mFAILED\x1b[0m" in shown) is has_colour


def test_a_terminal_of_a_build_machine_gets_plain_lines(on_terminal):
    shown, _ = on_terminal("wait", "1", streams=("stdout",), CI="1")

    assert shown.startswith("1  \x1b[32mSUCCESS\x1b[0m  REFRESH")
