import json

import pytest

from tui.simulator.queue import SimJob


@pytest.fixture
def upload(queue):
    """Three jobs of a file: two failed, one of them with a message of each cause."""
    for job_id, location, messages in (
        (
            11,
            "1707",
            [*(f"UPC {number} not found at location 1707" for number in range(20, 32)), "Unexpected end of file"],
        ),
        (12, "2239", ["UPC 7 not found at location 2239"]),
        (13, "0412", []),
    ):
        queue.add(
            SimJob(
                job_id=job_id,
                added_s=-30,
                start_s=-20,
                end_s=-10,
                original_filename="up.csv",
                location=location,
                status="FAILED" if messages else "SUCCESS",
                messages=tuple(messages),
            )
        )


@pytest.mark.usefixtures("upload")
@pytest.mark.parametrize("jobs", [["11-13"], ["--file", "up.csv"]], ids=" ".join)
def test_what_went_wrong_is_grouped_by_cause_over_all_jobs(jobdeck, jobs):
    result = jobdeck("why", *jobs)

    lines = result.stdout.splitlines()
    assert lines[0] == "2 of 3 jobs failed: 2 FAILED, 1 SUCCESS"
    assert [line.strip() for line in lines if "×" in line] == [
        "13×  UPC ‹…› not found at location ‹…›",
        "1×  Unexpected end of file",
    ]
    assert lines[-1] in {"next: jobdeck get 11,12 -o text", "next: jobdeck get 12,11 -o text"}
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.usefixtures("upload")
def test_a_pattern_whose_jobs_are_not_proven_to_be_all_is_explained_and_exits_with_3(jobdeck):
    result = jobdeck("why", "--file", "up*", "--newest")

    assert result.returncode == 3
    assert result.stdout.startswith("2 of 3 jobs failed: 2 FAILED, 1 SUCCESS; more jobs may exist\n")
    assert result.stderr.startswith("jobdeck: not all jobs of 'up*' may be known")


@pytest.mark.usefixtures("upload")
def test_ids_of_the_failed_jobs_can_be_piped(jobdeck):
    assert jobdeck("why", "-", "-o", "id", stdin="11,12,13").stdout == "11\n12\n"


@pytest.mark.usefixtures("upload")
def test_json_is_one_object(jobdeck):
    answer = json.loads(jobdeck("why", "11-13", "-o", "json").stdout)

    assert [(cause["count"], cause["jobIDs"]) for cause in answer["causes"]] == [(13, [11, 12]), (1, [11])]


@pytest.mark.usefixtures("upload")
@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_no_output_is_longer_than_asked(jobdeck, output):
    result = jobdeck("why", "11-13", "-o", output, "--max-chars", "300")

    assert (result.returncode, result.stderr) == (0, "")
    assert 100 < len(result.stdout) <= 300


@pytest.mark.usefixtures("upload")
@pytest.mark.parametrize("arguments", [["--ascii"], []], ids=["option", "locale"])
def test_causes_are_ascii_on_request_and_where_the_locale_has_nothing_else(jobdeck, environ, arguments):
    environ["LC_ALL"] = "en_US.ISO-8859-1" if not arguments else "C.UTF-8"

    assert "13x  UPC <...> not found at location <...>" in jobdeck("why", "11-13", *arguments, env=environ).stdout


def test_a_job_that_does_not_exist_exits_with_5_and_the_others_are_explained(jobdeck):
    result = jobdeck("why", "2", "999")

    assert result.returncode == 5
    assert result.stdout.startswith("1 of 2 jobs failed: 1 FAILED, 1 NOT FOUND\n")
    assert result.stderr.startswith("jobdeck: 999: job 999 does not exist")


def test_a_file_without_jobs_exits_with_5(jobdeck):
    result = jobdeck("why", "--file", "none.csv")

    assert result.returncode == 5
    assert "jobdeck: no job of 'none.csv' exists; check the name and the tenant\n" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no JOB given"),
        (["1", "--file", "x.csv"], "JOB and --file exclude each other"),
        (["1", "--newest"], "--newest applies only to uploads"),
        (["1", "--max-chars", "20"], "--max-chars '20' is not a valid number; give one from 300 to 10000000"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_use_exits_with_2_and_says_why(jobdeck, arguments, words):
    result = jobdeck("why", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr


@pytest.mark.usefixtures("upload")
@pytest.mark.parametrize("command", [["get", "11"], ["wait", "11"], ["find", "--location", "1707"]], ids=" ".join)
def test_text_of_a_job_has_its_causes_before_its_messages(jobdeck, command):
    lines = jobdeck(*command, "-o", "text").stdout.splitlines()

    at = lines.index("  causes     2")
    assert lines[at + 1 : at + 4] == [
        "  12×  UPC ‹…› not found at location 1707",
        "   1×  Unexpected end of file",
        "  messages   13",
    ]
