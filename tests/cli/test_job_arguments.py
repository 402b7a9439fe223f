"""JOB arguments, files and standard input: what they name, what is said of it, and with which code the rest ends."""

import io
import sys
from types import SimpleNamespace

import pytest

from tui.cli.exit_codes import Exit, exit_for
from tui.cli.job_arguments import GivenJobs, read_jobs
from tui.core.errors import JobDeckError


@pytest.fixture
def read(monkeypatch, capsys):
    """Reads arguments with a text on standard input; returns the jobs, and what was said."""

    def reading(*arguments, stdin=""):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(closed=False, buffer=io.BytesIO(stdin.encode())))
        return read_jobs(arguments), capsys.readouterr().err

    return reading


@pytest.fixture
def refused(read):
    """The same for what is refused; returns the exit code and the words."""

    def reading(*arguments, stdin=""):
        with pytest.raises(JobDeckError) as caught:
            read(*arguments, stdin=stdin)
        return exit_for(caught.value), str(caught.value)

    return reading


@pytest.mark.parametrize(
    "text", ["1\n", "1-1\n", "# tonight\n1  # store 0412\n", "https://h.example/commerce/inventory/v1/queue/1\n"]
)
def test_a_plain_list_needs_no_words(read, text):
    assert read("-", stdin=text) == (GivenJobs((1,)), "")


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (['{"jobIDs": ["1", "3"]}'], ""),
        (["jobs 1 and 3"], ""),
        (["@answers.log"], ""),
        (["@utf16.csv"], ""),
        (["@comments.txt"], ""),
        (["1", "-"], "job 3 is PENDING, tenant 30294\n"),
    ],
    ids=["json", "words", "log", "utf-16", "named-in-a-comment", "both"],
)
def test_arguments_files_and_standard_input_accept_the_same(read, tmp_path, arguments, stdin):
    (tmp_path / "answers.log").write_text('09:30 {"jobID": 1}\n09:31 {"jobID": 3}\n', encoding="utf-8")
    (tmp_path / "utf16.csv").write_text("tenantID;jobID\r\n30294;1\r\n30294;3\r\n", encoding="utf-16")
    (tmp_path / "comments.txt").write_text("# tenant jobID\n30294 1\n30294 3\n", encoding="utf-8")

    given, _ = read(*(argument.replace("@", f"@{tmp_path}/") for argument in arguments), stdin=stdin)

    assert given == GivenJobs((1, 3))


@pytest.mark.parametrize(
    "arguments", [["1", "-", "3"], ["1", "\N{EN DASH}", "3"], ["1 - 3"], ["1\N{EM DASH}3"], ["1", "to", "3"]], ids=str
)
def test_a_range_may_have_any_dash_and_blanks_around_it_and_is_said(read, arguments):
    assert read(*arguments) == (GivenJobs((1, 2, 3)), "jobdeck: 3 jobs from JOB 1: 1-3\n")


@pytest.mark.parametrize(
    "text", ['{"jobIDs": []}', '{"dryRun": true, "itemsDeleted": ["1"], "jobIDs": []}', "[]", '{"jobID": null}']
)
def test_an_answer_without_a_job_is_a_2(refused, text):
    code, words = refused("-", stdin=text)

    assert code == Exit.USAGE
    assert words.startswith("standard input: no job in this response; if it was a dry run,")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            '{"message":"Tenant suspended","errorCode":"X","correlationId":"7f3a"}',
            3,
            "Tenant suspended; the upload made no job: ask who manages the tenant at Kibo",
        ),
        ('{"errorCode":"UNAUTHORIZED","message":"Invalid tenant"}', 4, "Invalid tenant; renew the token"),
        ('{"error":"Job Not Found","message":"Job 1 is not in the queue"}', 3, "Job 1 is not in the queue"),
        ("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\n\r\n", 3, "429 Too Many Requests"),
        ("HTTP/2 401 \r\nx-vol-correlation: 7f3a\r\n\r\n", 4, "correlation 7f3a"),
        (
            'HTTP/2 400 \r\nx-vol-correlation: 7f3a\r\n\r\n{"message":"odd","correlationId":"abc"}',
            3,
            "correlation 7f3a and abc",
        ),
        ("<html><head><title>502 Bad Gateway</title></head></html>", 3, "502 Bad Gateway"),
        ("curl: (22) The requested URL returned error: 403\n", 4, "The requested URL returned error: 403"),
        ('{"message":"bad \\u001b[2J token eyJhbGciOiJub25lIn0.e30.x"}', 4, "bad \\x1b[2J token [secret]"),
    ],
)
def test_an_error_body_is_that_error(refused, text, code, words):
    exit_code, said = refused("-", stdin=text)

    assert exit_code == code
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<html><head><title>502 Bad Gateway</title></head></html>", 3),
        ("<!DOCTYPE html><html><head><title>Sign in</title></head></html>", 3),
        ("<html><head><title>403 Forbidden</title></head></html>", 4),
        ("<html></html>", 3),
        ("default backend - 404", 3),
        ("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html><title>502 Bad Gateway</title></html>", 3),
    ],
)
def test_a_page_of_a_gateway_is_no_upload_that_the_api_refused(refused, text, code):
    exit_code, said = refused("-", stdin=text)

    assert exit_code == code
    assert (
        "a gateway, proxy or login page answered instead of the API: check the address and the token of the upload"
        in said
    )
    assert "the upload made no job" not in said


def test_an_upload_that_failed_beside_jobs_is_told_and_decides_the_exit_code(read):
    given, said = read("-", stdin='{"jobID": 1}\n{"message":"Tenant suspended"}\n')

    assert given == GivenJobs((1,), Exit.UNREACHABLE)
    assert "standard input: an upload failed: Tenant suspended" in said
    assert [given.exit_with(code) for code in (Exit.DONE, Exit.FAILED, Exit.UNAUTHORISED)] == [3, 3, 4]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1\n2x\n3\n", "standard input line 2: '2x' is no job id"),
        (
            "nothing here",
            "standard input: 'nothing' is no job id: give 884213, 884213-884220 or a URL with /queue/884213 (character 1)",
        ),
        ('{"jobIDs": [1, "x"]}', "standard input: jobIDs 'x' is no job id (character 17)"),
        ('{"jobIDs": [1, 88421', "standard input: jobIDs '88421…' is cut off: give the whole text (character 16)"),
        ('{"jobID": 3', "standard input: jobID '3…' is cut off: give the whole text (character 11)"),
        ('{"jobID": "8842', "standard input: jobID '8842…' is cut off: give the whole text (character 12)"),
        ('[{"jobID": 5}, {"jobID": 884214', "standard input: jobID '884214…' is cut off: give the whole text"),
        ('saved: {"jobID": 3', "standard input: jobID '3…' is cut off: give the whole text"),
        ('{"jobID":', "standard input: the JSON is cut off: give the whole text (character 9)"),
        ('{"jobID": ', "standard input: the JSON is cut off: give the whole text (character 9)"),
        ('{"jobID"', "standard input: the JSON is cut off: give the whole text (character 8)"),
        ('{"jo', "standard input: the JSON is cut off: give the whole text (character 4)"),
        ("{", "standard input: the JSON is cut off: give the whole text (character 1)"),
        ('{"dryRun": fal', "standard input: the JSON is cut off: give the whole text"),
        ('{"dryRun": false, "jobIDs": [', "standard input: the JSON is cut off: give the whole text"),
        (
            '{\n  "tenantID": 30294,\n  "jobI',
            "standard input line 3: the JSON is cut off: give the whole text (character 7)",
        ),
        ("jobs 1-20000", "range 1-20000, which holds 20,000 ids"),
        ("tenantID,itemCount\n30294,3000\n", "no column of this table is named jobID"),
        ('{"tenantID": 30294}', "there is no jobID in this answer"),
        ("inv_0930.csv", "standard input 'inv_0930.csv' is a file, not a job; give it with --file"),
        ("", "standard input names no job"),
        ("# nothing tonight 20261129\n", "there are comments and no job ids"),
    ],
)
def test_anything_else_is_a_2_that_names_the_piece(refused, text, named):
    code, words = refused("-", stdin=text)

    assert code == Exit.USAGE
    assert named in words
    assert "\n" not in words


def test_what_was_guessed_is_called_a_guess(read):
    given, said = read("please look at 884213, ticket 20417")

    assert given.job_ids == (884213,)
    assert said == "jobdeck: 1 job from JOB 1, a guess: no label says that they are jobs: 884213 (skipped: ticket)\n"


def test_many_ids_are_told_in_short(read):
    given, said = read("-", stdin="job " + "\njob ".join(map(str, range(1, 3000, 2))))

    assert len(given.job_ids) == 1500
    assert said.startswith("jobdeck: 1,500 jobs from standard input: 1 3 5 ")
    assert said.endswith(" \N{HORIZONTAL ELLIPSIS}\n")
    assert len(said) < 260


def test_more_than_a_hundred_thousand_ids_are_refused(refused):
    code, words = refused("-", stdin="\n".join(map(str, range(1, 100_002))))

    assert code == Exit.USAGE
    assert "more than 100,000 jobs in one list" in words
