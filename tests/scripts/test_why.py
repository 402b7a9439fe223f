import json
from pathlib import Path

import fastjsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tui.scripts
from tests.support.factories import at, job
from tui.scripts.formats import ASCII_MARKS, Marks
from tui.scripts.read_once import ReadResult
from tui.scripts.why import LEAST_CHARS, explanation, failed_ids, why_json, why_markdown, why_text

check = fastjsonschema.compile(
    json.loads((Path(tui.scripts.__file__).parent / "schema.json").read_text(encoding="utf-8"))
)
ENDS = {"started": at(96).isoformat(), "finished": at(196).isoformat()}


def reading(job_id, status="FAILED", **fields):
    ends = ENDS if status in {"FAILED", "SUCCESS"} else {}
    return ReadResult(job_id, at(600), job=job(job_id, status, **ends, **fields), server_at=at(600))


def told(*readings, is_complete=True):
    return explanation(readings, at(0), is_complete=is_complete)


FAILED = told(
    reading(1, "SUCCESS", messages=["Saved 12 of 12 items"]),
    reading(
        884257,
        locationCode="1707",
        messages=[
            *(f"UPC {number} not found at location 1707" for number in range(100, 112)),
            "Unexpected end of file",
        ],
    ),
    reading(884301, locationCode="2239", messages=["UPC 7 not found at location 2239"]),
    reading(884311),
    reading(884312, "WORKING"),
)


def test_text_has_tally_causes_jobs_values_example_and_the_next_command():
    assert (
        why_text(FAILED, Marks())
        == """\
3 of 5 jobs failed: 3 FAILED, 1 SUCCESS, 1 WORKING

13×  UPC ‹…› not found at location ‹…›
     in 2 jobs: 884257 at 1707, 884301 at 2239
     UPC: 100, 101, 102, 103, 104, 105, 106, 107, 108, 109 ... 3 more
     location: 1707, 2239
     example: 884257: UPC 100 not found at location 1707

 1×  Unexpected end of file
     in 1 job: 884257 at 1707

no message: 884311

next: jobdeck get 884257,884301,884311 -o text
"""
    )


def test_markdown_has_a_table_of_causes():
    assert (
        why_markdown(told(reading(1, messages=["row 1 is odd", "row 2 is odd|"])), ASCII_MARKS)
        == """\
1 of 1 job failed: 1 FAILED

| count | cause | jobs | values |
|---:|---|---|---|
| 1 | row 1 is odd | 1 | - |
| 1 | row 2 is odd\\| | 1 | - |

next: `jobdeck get 1 -o text`
"""
    )


def test_json_is_as_published_and_has_everything():
    answer = json.loads(why_json(FAILED))

    check(answer)
    assert answer["counts"] == {"FAILED": 3, "SUCCESS": 1, "WORKING": 1}
    assert (answer["jobs"], answer["failed"], answer["failedJobIDs"]) == (5, 3, [884257, 884301, 884311])
    assert [cause["text"] for cause in answer["causes"]] == [
        "UPC ‹…› not found at location ‹…›",
        "Unexpected end of file",
    ]
    assert answer["causes"][0]["valueCounts"] == [13, 2]
    assert len(answer["causes"][0]["values"][0]) == 13
    assert answer["causes"][0]["example"] == {"jobID": 884257, "message": "UPC 100 not found at location 1707"}


def test_ids_are_those_of_the_failed_jobs():
    assert failed_ids(FAILED) == "884257\n884301\n884311\n"


def test_messages_of_jobs_that_succeeded_are_no_causes():
    text = why_text(told(reading(1, "SUCCESS", messages=["Saved 12 of 12 items"])), Marks())

    assert text == "0 of 1 job failed: 1 SUCCESS\n"


def test_jobs_that_have_not_ended_are_waited_for_next():
    assert why_text(told(reading(1, "WORKING")), Marks()).endswith("\nnext: jobdeck wait 1\n")


def test_a_list_that_may_be_incomplete_says_so():
    assert why_text(told(reading(1), is_complete=False), Marks()).startswith(
        "1 of 1 job failed: 1 FAILED; more jobs may exist\n"
    )


def test_no_text_of_the_server_starts_a_line():
    hostile = told(
        reading(1, locationCode="::error::", messages=["::error::x 1\n::error::y", "::error::x 2\n::error::y"])
    )

    for text in (why_text(hostile, Marks()), why_markdown(hostile, Marks())):
        assert not any(line.lstrip(" |").startswith("::") for line in text.splitlines() if "|" not in line)


def test_rare_causes_are_left_out_first_and_counted():
    words = ("late", "red", "heavy", "wide", "odd", "flat", "dry", "cold", "thin")
    many = told(
        reading(
            1,
            messages=[
                f"{word} {word[::-1]} {word} because {'very ' * 6}{word}" for word in words for _ in range(len(word))
            ],
        )
    )

    text = why_text(many, Marks(), 600)

    assert len(text) <= 600
    assert "5×  heavy" in text
    assert "more cause" in text


TEXTS = st.text(st.characters(codec="utf-8"), max_size=400) | st.sampled_from(
    ["##vso[x]" * 9, "x" * 5_000, "é" * 900, "|" * 700]
)


@given(
    st.lists(st.lists(TEXTS, max_size=6), max_size=5),
    st.integers(LEAST_CHARS, 1_500),
    TEXTS,
    st.lists(
        st.sampled_from(["FAILED", "SUCCESS", "Ü" * 90, "WORKING", "PAUSED", "##vso[" * 20]), min_size=5, max_size=5
    ),
)
def test_no_output_is_longer_than_its_limit(messages, max_chars, location, statuses):
    hostile = told(
        *(
            reading(9_000_000_000_000_000_000 + number, status, messages=texts, locationCode=location)
            for number, (texts, status) in enumerate(zip(messages, statuses, strict=False))
        ),
        is_complete=False,
    )

    for text in (
        why_text(hostile, Marks(), max_chars),
        why_markdown(hostile, Marks(), max_chars),
        why_json(hostile, max_chars),
        failed_ids(hostile, max_chars),
    ):
        assert len(text) <= max_chars
        assert text.endswith("\n") or not text
    check(json.loads(why_json(hostile, max_chars)))


@pytest.mark.parametrize("render", [why_text, why_markdown], ids=lambda render: render.__name__)
def test_an_explanation_of_nothing_is_one_line(render):
    assert render(told(), Marks()) == "0 of 0 jobs failed\n"
