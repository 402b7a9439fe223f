import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

KEYS = [
    "schema", "at", "jobID", "status", "previousStatus", "job", "queueWaitSeconds", "runSeconds", "itemsPerSecond", "error",
]  # fmt: skip
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def no_constants(name):
    raise AssertionError(f"{name} is no JSON")


def objects(text):
    assert text.isascii()
    return json.loads(text, parse_constant=no_constants)


@pytest.mark.parametrize("jobs", ["1", "2", "1-4"], ids=["ended well", "failed", "several"])
def test_jobs_that_were_read_exit_with_0(jobdeck, jobs):
    result = jobdeck("get", jobs)

    assert (result.returncode, result.stderr) == (0, "")


def test_a_job_that_does_not_exist_exits_with_5_and_the_others_are_shown(jobdeck):
    result = jobdeck("get", "1", "999")

    assert result.returncode == 5
    assert re.fullmatch(
        r"jobdeck: 999: job 999 does not exist; check the id and the tenant \(HTTP 404, correlation [0-9a-f]+\)\n",
        result.stderr,
    )
    assert "SUCCESS" in result.stdout


def test_a_refused_token_exits_with_4_and_is_never_shown(jobdeck, environ):
    result = jobdeck("get", "1", env={**environ, "KIBO_ACCESS_TOKEN": "wrong-canary"})

    assert result.returncode == 4
    assert result.stderr.startswith("jobdeck: 1: ")
    assert "canary" not in result.stdout + result.stderr


def test_a_token_that_an_answer_without_a_job_repeats_is_not_shown(jobdeck, faults, environ):
    faults.answer_always(200, body=b"<html>", headers={"x-vol-correlation": environ["KIBO_ACCESS_TOKEN"]})

    result = jobdeck("get", "1")

    assert "correlation [secret]" in result.stderr
    assert "canary" not in result.stdout + result.stderr


def test_a_token_that_a_server_gives_back_as_the_job_s_id_is_not_shown(jobdeck, queue, environ):
    queue.put(5, {"jobID": environ["KIBO_ACCESS_TOKEN"]})

    result = jobdeck("get", "5")

    assert "the response describes job [secret]: withheld" in result.stderr
    assert "canary" not in result.stdout + result.stderr


@pytest.mark.parametrize("output", ["table", "json", "csv", "markdown"])
def test_a_token_that_a_job_s_message_repeats_is_not_shown(jobdeck, queue, environ, output):
    queue.put(
        5, {"jobID": 5, "status": "FAILED", "messages": [f"sent with Bearer {environ['KIBO_ACCESS_TOKEN']} by you"]}
    )

    result = jobdeck("get", "5", "-o", output)

    assert "secret" in result.stdout
    assert "canary" not in result.stdout + result.stderr


def test_a_refused_token_is_not_tried_for_every_job(jobdeck, environ, faults):
    result = jobdeck("get", "1-500", env={**environ, "KIBO_ACCESS_TOKEN": "wrong"})

    assert result.returncode == 4
    assert faults.requests <= 8


def test_no_token_exits_with_4_and_says_where_to_put_one(jobdeck, environ):
    environ.pop("KIBO_ACCESS_TOKEN")

    result = jobdeck("get", "1")

    assert result.returncode == 4
    assert "KIBO_ACCESS_TOKEN" in result.stderr


@pytest.mark.parametrize("status", [500, 503, 302], ids=str)
def test_a_server_that_keeps_failing_exits_with_3(jobdeck, faults, status):
    faults.answer_always(status, retry_after="600")

    assert jobdeck("get", "1").returncode == 3


def test_one_failure_is_forgiven(jobdeck, faults):
    faults.answer_next(502)

    assert jobdeck("get", "1").returncode == 0


def test_of_several_problems_the_gravest_decides(jobdeck, faults):
    faults.answer_always(500, path_part="/queue/2")

    result = jobdeck("get", "999", "2", "1")

    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 2


def test_nothing_configured_exits_with_2(jobdeck, bare):
    result = jobdeck("get", "1", env=bare)

    assert result.returncode == 2
    assert "KIBO_API_HOST" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["get"], "no JOB given"),
        (["get", "1", "7x"], "JOB 2: '7x' is no job id"),
        (["get", "1,0"], "(character 3)"),
        (["get", "@none.txt"], "@none.txt cannot be read"),
        (["get", "-"], "standard input names no job"),
        (["get", "--nonsense", "1"], "--nonsense"),
        (["get", "-o", "yaml", "1"], "yaml"),
        (["get", "--interval", "0", "1"], "--interval"),
        (["gett"], "'gett' is neither a command nor a job id; did you mean `jobdeck get`?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_word_exits_with_2_and_is_named_in_one_line(jobdeck, arguments, named):
    result = jobdeck(*arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert named in result.stderr
    assert re.fullmatch(r"jobdeck: .+\n", result.stderr)


def test_json_is_what_the_contract_says(jobdeck, queue):
    (shown,) = objects(jobdeck("get", "1", "-o", "json").stdout)

    assert list(shown) == KEYS
    assert shown["schema"] == 1
    assert RFC_3339.fullmatch(shown["at"])
    assert (shown["jobID"], shown["status"], shown["previousStatus"], shown["error"]) == (1, "SUCCESS", None, None)
    assert shown["job"] == queue.job(1)
    assert (shown["queueWaitSeconds"], shown["runSeconds"], shown["itemsPerSecond"]) == (10.0, 10.0, 50.0)


def test_json_of_a_working_job_has_its_run_time_so_far_and_unknown_fields(jobdeck):
    (shown,) = objects(jobdeck("get", "4", "-o", "json").stdout)

    assert 4.0 <= shown["runSeconds"] < 30.0
    assert shown["itemsPerSecond"] is None
    assert shown["job"]["priority"] == 7


def test_json_of_what_could_not_be_read_has_the_error(jobdeck):
    read, missing = objects(jobdeck("get", "3", "999", "-o", "json").stdout)

    assert (read["status"], read["queueWaitSeconds"], read["runSeconds"]) == ("PENDING", None, None)
    assert (missing["status"], missing["job"]) == (None, None)
    assert missing["error"].keys() == {"kind", "message", "httpStatus", "correlationId", "retryAt"}
    assert (missing["error"]["kind"], missing["error"]["httpStatus"]) == ("not_found", 404)


def test_json_of_a_long_silence_says_when_it_ends(jobdeck, faults):
    faults.answer_always(429, retry_after="60")

    (shown,) = objects(jobdeck("get", "1", "-o", "json").stdout)

    asked, again = datetime.fromisoformat(shown["at"]), datetime.fromisoformat(shown["error"]["retryAt"])
    assert shown["error"]["kind"] == "rate_limited"
    assert (again - asked).total_seconds() == 60.0


def test_json_survives_hostile_numbers(jobdeck, queue):
    queue.put(5, b'{"jobID": 5, "status": "WORKING", "itemCount": 1e999, "tenantID": NaN}')

    (shown,) = objects(jobdeck("get", "5", "-o", "json").stdout)

    assert shown["job"] is None or shown["job"]["itemCount"] == "Infinity"


@pytest.mark.parametrize("output", ["table", "csv", "markdown"])
def test_control_characters_that_json_forbids_are_harmless(jobdeck, queue, output):
    queue.put(5, b'{"jobID": 5, "status": "FAILED", "locationCode": "W\x1b]0;owned\x07", "messages": ["x\x1b[c"]}')

    result = jobdeck("get", "5", "-o", output)

    assert r"owned\x07" in result.stdout.replace("\\\\", "\\")
    assert "\x1b" not in result.stdout
    assert "\x07" not in result.stdout


@pytest.mark.parametrize(
    "command", [("get", "5", "-o", "json"), ("get", "5", "-o", "jsonl"), ("wait", "5", "-o", "json")]
)
def test_json_repeats_the_job_as_it_was_sent(jobdeck, queue, command):
    sent = {
        "jobID": 5,
        "status": "SUCCESS",
        "originalFilename": "a\tb\r\n\x1b[2J\u202e\ufe0f",
        "\x9b": ["\ud83d", "e" + "\u0301" * 9],
    }
    queue.put(5, json.dumps(sent).encode())

    result = jobdeck(*command)

    (shown,) = objects(result.stdout.strip().removeprefix("[").removesuffix("]").join("[]"))
    assert shown["job"] == sent
    assert result.stdout.replace("\n", "").isprintable()


def test_jsonl_has_an_object_a_line(jobdeck):
    lines = jobdeck("get", "1-3", "-o", "jsonl").stdout.splitlines()

    assert [objects(line)["jobID"] for line in lines] == [1, 2, 3]


def test_the_table_is_aligned_and_holds_no_control_code(jobdeck, queue):
    queue.put(5, {"jobID": 5, "status": "PENDING", "locationCode": "倉庫", "type": "REFRESH"})

    lines = jobdeck("get", "1-5").stdout.splitlines()

    assert lines[0].split()[:4] == ["JOB", "STATUS", "TYPE", "LOCATION"]
    assert lines[1].index("REFRESH") == lines[4].index("ADJUST") == lines[5].index("REFRESH")
    assert all(line.isprintable() for line in lines)


def test_colour_is_never_in_a_pipe(jobdeck, environ):
    result = jobdeck("get", "1-4", env={**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"})

    assert "\x1b" not in result.stdout + result.stderr


def test_csv_runs_no_formula(jobdeck):
    rows = list(csv.DictReader(io.StringIO(jobdeck("get", "1-2", "-o", "csv").stdout, newline="")))

    assert [row["jobID"] for row in rows] == ["1", "2"]
    assert rows[1]["messages"].startswith("'=cmd")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\uff1d1", "\uff201"], ids=ascii)
def test_no_cell_of_a_spreadsheet_is_a_formula(jobdeck, queue, start):
    queue.put(5, {"jobID": 5, "status": "FAILED", "originalFilename": start, "messages": [start]})

    (row,) = csv.DictReader(io.StringIO(jobdeck("get", "5", "-o", "csv").stdout, newline=""))

    assert row["originalFilename"] == row["messages"] == f"'{start}"


def test_a_decomposed_name_is_composed_on_the_screen_and_left_as_it_is_in_files(jobdeck, queue):
    name = unicodedata.normalize("NFD", "재고_Zürich.csv")
    queue.put(5, {"jobID": 5, "status": "FAILED", "originalFilename": name, "messages": [f"{name}\u200d\x1b[2J"]})

    table, rows, objects_ = (jobdeck("get", "5", "-o", output).stdout for output in ("table", "csv", "json"))

    assert "재고_Zürich.csv" in table
    (row,) = csv.DictReader(io.StringIO(rows, newline=""))
    assert (row["originalFilename"], row["messages"]) == (name, f"{name}\u200d\\x1b[2J")
    assert json.loads(objects_)[0]["job"]["messages"] == [f"{name}\u200d\x1b[2J"]


def test_columns_are_those_that_are_asked_for_in_their_order(jobdeck):
    table = jobdeck("get", "1-4", "--columns", "STATUS,jobID, priority").stdout.splitlines()
    rows = jobdeck("get", "1-4", "--columns", "STATUS,jobID, priority", "-o", "csv").stdout.splitlines()

    assert (table[0].split(), table[4].split()) == (["STATUS", "JOB", "PRIORITY"], ["WORKING", "4", "7"])
    assert (rows[0], rows[4]) == ("status,jobID,priority", "WORKING,4,7")


@pytest.mark.parametrize("output", ["table", "csv", "markdown"])
def test_no_headers_leaves_the_jobs(jobdeck, output):
    with_headers, without = (
        jobdeck("get", "1-3", "-o", output, *more).stdout.splitlines() for more in ((), ("--no-headers",))
    )

    jobs = with_headers[2 if output == "markdown" else 1 :]
    assert [line.split() for line in without] == [line.split() for line in jobs]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--columns", "jobID,statsu"], "no column 'statsu' is known; did you mean status?"),
        (["--columns", "FIEL"], "no column 'FIEL' is known; did you mean FILE?"),
        (["--columns", "priorty"], "no column 'priorty' is known; did you mean priority?"),
        (["--columns", "xyzzy"], "no column 'xyzzy' is known; give some of jobID, status, "),
        (["--columns", "jobID,,status"], "no column '' is known; give some of jobID, status, "),
        (["--columns", "jobID", "-o", "json"], "--columns applies to table, csv and markdown, not json; leave it out"),
        (["--bom"], "--bom applies only to CSV; give -o csv with it, or leave it out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_columns_exit_with_2(jobdeck, arguments, message):
    result = jobdeck("get", "4", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"jobdeck: {message}")


def test_csv_begins_with_a_byte_order_mark_if_it_is_asked_for(jobdeck):
    with_mark, without = (jobdeck("get", "1", "-o", "csv", *more).stdout for more in (["--bom"], []))

    assert (with_mark[:6], without[:5]) == ("\ufeffjobID", "jobID")


COMMANDS = ("::error::x", "##vso[task.complete]", "##[error]x", "##teamcity[message text='x']", "  ::warning file=a::x")
WHERE_AT_START = re.compile(r"\s*(::|##)")
ANYWHERE = re.compile(r"##[a-z]*\[")


@pytest.mark.parametrize("output", ["table", "csv", "markdown", "text", "json", "jsonl"])
@pytest.mark.parametrize(
    "more", [(), ("--columns", "messages,file"), ("--columns", "file", "--no-headers")], ids=" ".join
)
def test_no_line_is_a_command_to_a_build_machine(jobdeck, queue, output, more):
    text = "\n".join(["x", *COMMANDS])
    queue.put(
        5,
        {
            "jobID": 5,
            "status": text,
            "originalFilename": COMMANDS[0],
            "messages": [*COMMANDS, text],
            text: text,
            "::a::": 1,
        },
    )
    queue.put(6, {"jobID": 6, "status": "FAILED", "originalFilename": COMMANDS[2], "messages": [COMMANDS[1]]})
    with_columns = more if output in {"table", "csv", "markdown"} else ()

    result = jobdeck("get", "5", "6", "999", "-o", output, *with_columns)

    assert (result.returncode, len(result.stdout) > 100 or bool(with_columns)) == (5, True)
    for line in (result.stdout + result.stderr).splitlines():
        assert not WHERE_AT_START.match(line)
        assert not ANYWHERE.search(line)
    if output == "json":
        assert json.loads(result.stdout)[0]["job"]["messages"] == [*COMMANDS, text]


@pytest.mark.parametrize(
    "body", [{"error": "\n::error::x", "message": "a\r\n##vso[x]"}, b"<p>\n::error::x", b"##[error]x"], ids=str
)
def test_no_error_is_a_command_to_a_build_machine(jobdeck, faults, body):
    faults.answer_always(500, body=body if isinstance(body, bytes) else json.dumps(body).encode())

    result = jobdeck("get", "1", "--log-file", "/dev/null")

    assert result.returncode == 3
    assert result.stderr.startswith("jobdeck: 1: ")
    assert result.stderr.count("\n") == 1
    assert not ANYWHERE.search(result.stderr)


def test_id_names_only_what_was_read(jobdeck):
    assert jobdeck("get", "3", "999", "1", "-o", "id").stdout == "3\n1\n"


def test_jobs_come_from_a_file_and_from_standard_input(jobdeck, tmp_path):
    file = tmp_path / "jobs.txt"
    file.write_text("\ufeff# the morning's\n1, 2  # both\n\nhttps://x.test/#/queue/3\n", encoding="utf-8")

    result = jobdeck("get", f"@{file}", "-", "2", "-o", "id", stdin="4\n1\n")

    assert result.stdout.split() == ["1", "2", "3", "4"]


def test_a_wrong_line_of_a_file_is_named(jobdeck, tmp_path):
    file = tmp_path / "jobs.txt"
    file.write_text("1\n2 zwei\n", encoding="utf-8")

    result = jobdeck("get", f"@{file}")

    assert result.returncode == 2
    assert f"@{file} line 2: 'zwei' is no job id" in result.stderr
    assert "(character 3)" in result.stderr


def test_options_may_stand_before_the_command(jobdeck, bare, server, tmp_path):
    token = tmp_path / "token"
    token.write_text("canary-5f1d2c\n", encoding="ascii")
    token.chmod(0o600)

    result = jobdeck("--api-host", server.url, "--token-file", str(token), "get", "1", "-o", "id", env=bare)

    assert (result.returncode, result.stdout) == (0, "1\n")


def test_an_option_behind_the_command_wins(jobdeck, server):
    result = jobdeck("--api-host", "http://127.0.0.1:1", "get", "--api-host", server.url, "1")

    assert result.returncode == 0


def test_a_token_file_that_others_may_read_exits_with_2(jobdeck, environ, tmp_path):
    token = tmp_path / "token"
    token.write_text("canary-file", encoding="ascii")
    token.chmod(0o644)

    result = jobdeck("get", "1", env={**environ, "JOBDECK_TOKEN_FILE": str(token)})

    assert result.returncode == 2
    assert "chmod 600" in result.stderr
    assert "canary" not in result.stderr


def test_get_reads_the_embedded_demo_without_any_setting(jobdeck, bare):
    result = jobdeck("get", "--demo", "884204-884206", "-o", "id", env=bare)

    assert (result.returncode, result.stdout) == (0, "884204\n884205\n884206\n")


def test_a_closed_pipe_ends_quietly_with_141(started):
    process = started("get", "1-4", "-o", "json")
    process.stdout.close()

    assert process.wait(20) == 141
    assert process.stderr.read() == ""


LARGE = 8_000_000
"""Characters; more than any pipe takes at once."""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_in_the_middle_ends_it_with_141(started, environ, queue, unbuffered):
    queue.put(5, {"jobID": 5, "status": "FAILED", "messages": ["x" * (LARGE // 4)] * 2})
    process = started("get", "5", "-o", "json", env={**environ, "PYTHONUNBUFFERED": unbuffered})

    process.stdout.read(100)
    process.stdout.close()

    assert process.wait(20) == 141
    assert process.stderr.read() == ""


def test_a_slow_reader_of_a_pipe_that_does_not_block_gets_everything(environ, queue):
    queue.put(5, {"jobID": 5, "status": "FAILED", "messages": ["x" * (LARGE // 4)] * 2})
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [sys.executable, "-m", "tui", "get", "5", "-o", "json"]
    with (
        subprocess.Popen(command, env=environ, stdout=writing, stderr=subprocess.PIPE) as process,
        os.fdopen(reading, "rb") as stream,
    ):
        os.close(writing)

        (shown,) = json.loads(stream.read())

        assert [len(message) for message in shown["job"]["messages"]] == [LARGE // 4] * 2
        assert (process.wait(20), process.stderr.read()) == (0, b"")


def test_a_full_disk_is_said(environ):
    with Path("/dev/full").open("w", encoding="ascii") as full:
        process = subprocess.run(
            [sys.executable, "-m", "tui", "get", "1"],
            env=environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=20,
            check=False,
        )

    assert process.returncode == 2
    assert (
        process.stderr
        == "jobdeck: standard output cannot be written: no space left on device; check where it goes, and how full that disk is\n"
    )


@pytest.mark.parametrize("command", ["get", "wait"])
def test_a_log_on_a_full_disk_is_told_once_and_asking_goes_on(jobdeck, command):
    result = jobdeck(command, "1", "--log-file", "/dev/full", "-o", "json")

    assert (result.returncode, json.loads(result.stdout)[0]["jobID"]) == (0, 1)
    (line,) = result.stderr.splitlines()
    assert line.startswith("jobdeck: note: --log-file '/dev/full' loses lines: no space left on device; ")
