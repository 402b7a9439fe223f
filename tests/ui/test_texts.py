import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.monitor.facts import job
from tests.ui.scenes import ANYTHING, NOWHERE, after
from tui.ui.views.lines import Role, line_width, text_of
from tui.ui.views.texts import found_in, messages, raw

THREE = after(job(messages=["row 7: no such product", "row 9: no stock at W01", "done"]))


def texts(lines):
    return [text_of(line) for line in lines]


def test_messages_are_numbered():
    assert texts(messages(THREE, 76, is_wrapped=True)) == ["1 row 7: no such product", "2 row 9: no stock at W01", "3 done"]


def test_only_the_first_line_of_a_wrapped_message_has_its_number():
    assert texts(messages(THREE, 14, is_wrapped=True))[:3] == ["1 row 7: no", "  such product", "2 row 9: no"]


def test_message_is_on_one_line_however_long_without_wrapping():
    tracked = after(job(messages=["x" * 500]))

    assert texts(messages(tracked, 20, is_wrapped=False)) == ["1 " + "x" * 500]


def test_line_breaks_of_a_message_are_kept():
    tracked = after(job(messages=["a\nb"]))

    assert texts(messages(tracked, 20, is_wrapped=False)) == ["1 a", "  b"]


def test_numbers_stand_right_aligned():
    tracked = after(job(messages=["m"] * 10))

    shown = texts(messages(tracked, 20, is_wrapped=True))

    assert (shown[0], shown[9]) == (" 1 m", "10 m")


@pytest.mark.parametrize(
    ("tracked", "shown"),
    [(after(), "no answer yet"), (after(NOWHERE), "no answer yet"), (after(job()), "no messages")],
    ids=["unseen", "not-found", "none"],
)
def test_absence_of_messages_is_said(tracked, shown):
    assert texts(messages(tracked, 76, is_wrapped=True)) == [shown]


@given(st.lists(ANYTHING, min_size=1, max_size=5), st.integers(12, 60))
def test_wrapped_messages_are_within_the_width_and_whole(sent, width):
    lines = messages(after(job(messages=sent)), width, is_wrapped=True)

    assert all(line_width(line) <= width for line in lines)
    bodies = "".join("".join(span.text for span in line[1:]) for line in lines)
    assert bodies.replace(" ", "") == "".join(sent).replace(" ", "").replace("\n", "")


def test_raw_is_the_sent_object():
    tracked = after(job(884213, surprise={"a": [1, "Zürich"]}, added=None))

    lines = raw(tracked, 76, is_wrapped=False)

    assert json.loads("\n".join(texts(lines))) == tracked.job.sent
    assert "Zürich" in "\n".join(texts(lines))


@given(ANYTHING, st.integers(8, 60))
def test_wrapped_raw_is_within_the_width(sent, width):
    assert all(line_width(line) <= width for line in raw(after(job(surprise=sent)), width, is_wrapped=True))


def test_raw_of_a_job_without_answer_says_so():
    assert texts(raw(after(), 76, is_wrapped=True)) == ["no answer yet"]


@pytest.mark.parametrize(("needle", "lines"), [("ROW", (0, 1)), ("w01", (1,)), ("nothing", ()), ("", ())])
def test_what_is_searched_for_is_found_in_its_lines(needle, lines):
    assert found_in(messages(THREE, 76, is_wrapped=True, needle=needle)) == lines


def test_number_of_a_message_is_not_searched():
    assert found_in(messages(THREE, 76, is_wrapped=True, needle="3")) == ()


def test_search_marks_raw_too():
    lines = raw(THREE, 76, is_wrapped=True, needle="jobid")

    assert [span.text for line in lines for span in line if span.role is Role.MATCH] == ["jobID"]
