import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.support.factories import job
from tests.support.view_states import ANYTHING, NOWHERE, after
from tui.ui.rendering import searchable_text as views
from tui.ui.rendering.lines import Role, line_width, text_of
from tui.ui.rendering.searchable_text import Text, search_status, searched


def messages(tracked, width, *, is_wrapped, needle=""):
    text = views.messages(tracked, width, is_wrapped=is_wrapped).finished()
    return searched(text.layout, needle).finished() if needle else text


def raw(tracked, width, *, is_wrapped, needle=""):
    text = views.raw(tracked, width, is_wrapped=is_wrapped).finished()
    return searched(text.layout, needle).finished() if needle else text


THREE = after(job(messages=["row 7: no such product", "row 9: no stock at W01", "done"]))


def texts(text):
    return [text_of(line) for line in text.lines]


def test_messages_are_numbered():
    assert texts(messages(THREE, 76, is_wrapped=True)) == [
        "1 row 7: no such product",
        "2 row 9: no stock at W01",
        "3 done",
    ]


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
    [(after(), "no response yet"), (after(NOWHERE), "no response yet"), (after(job()), "no messages")],
    ids=["unseen", "not-found", "none"],
)
def test_absence_of_messages_is_said(tracked, shown):
    assert texts(messages(tracked, 76, is_wrapped=True)) == [shown]


@given(st.lists(ANYTHING, min_size=1, max_size=5), st.integers(12, 60))
def test_wrapped_messages_are_within_the_width_and_whole(sent, width):
    lines = messages(after(job(messages=sent)), width, is_wrapped=True).lines

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
    assert all(line_width(line) <= width for line in raw(after(job(surprise=sent)), width, is_wrapped=True).lines)


def test_raw_of_a_job_without_answer_says_so():
    assert texts(raw(after(), 76, is_wrapped=True)) == ["no response yet"]


# what is searched for


@pytest.mark.parametrize(("needle", "lines"), [("ROW", [0, 1]), ("w01", [1]), ("nothing", []), ("", [])])
def test_what_is_searched_for_is_found_in_its_lines(needle, lines):
    assert [match.line for match in messages(THREE, 76, is_wrapped=True, needle=needle).matches] == lines


def test_number_of_a_message_is_not_searched():
    assert not messages(THREE, 76, is_wrapped=True, needle="3").matches


def test_search_marks_raw_too():
    text = raw(THREE, 76, is_wrapped=True, needle="jobid")

    assert [span.text for line in text.lines for span in line if span.role is Role.MATCH] == ["jobID"]


def test_match_is_whole_where_its_words_are_wrapped_apart():
    text = messages(THREE, 14, is_wrapped=True, needle="no such")

    assert texts(text)[:2] == ["1 row 7: no", "  such product"]
    assert [span.text for line in text.lines for span in line if span.role is Role.MATCH] == ["no", "such"]
    assert list(text.matches) == [(0, 9, 11)]


def test_cells_of_a_match_are_those_on_the_screen():
    text = messages(after(job(messages=["倉庫 a倉a"])), 20, is_wrapped=True, needle="倉a")

    assert list(text.matches) == [(0, 8, 11)]


SENT = st.lists(st.text(st.sampled_from("ab \n倉"), max_size=40), min_size=1, max_size=5)


@given(SENT, st.text(st.sampled_from("ab 倉"), min_size=1, max_size=3), st.integers(12, 30))
def test_wrapping_leaves_places_of_matches_and_paragraphs(sent, needle, width):
    tracked = after(job(messages=sent))
    wrapped, whole = (messages(tracked, width, is_wrapped=is_wrapped, needle=needle) for is_wrapped in (True, False))

    assert len(wrapped.begins) == len(whole.begins)
    assert [wrapped.paragraph_at(match.line) for match in wrapped.matches] == [
        whole.paragraph_at(match.line) for match in whole.matches
    ]


@given(SENT, st.integers(12, 30))
def test_every_line_belongs_to_the_paragraph_above_it(sent, width):
    text = messages(after(job(messages=sent)), width, is_wrapped=True)

    for line in range(len(text.lines)):
        first = text.line_of(text.paragraph_at(line))
        assert first <= line
        assert not {begin for begin in text.begins if first < begin <= line}


@pytest.mark.parametrize(
    ("line", "backwards", "place"),
    [(0, False, 0), (1, False, 1), (2, False, 0), (2, True, 1), (1, True, 0), (0, True, 1)],
)
def test_match_is_the_first_from_a_line_on_in_a_circle(line, backwards, place):
    assert messages(THREE, 76, is_wrapped=True, needle="row").match_from(line, backwards=backwards) == place


@pytest.mark.parametrize(
    ("needle", "place", "said"),
    [
        ("row", 0, "1 of 2"),
        ("row", 1, "2 of 2"),
        ("row", None, "1 of 2"),
        ("zzz", None, "no match for 'zzz'"),
        ("", None, ""),
    ],
)
def test_search_says_how_it_stands(needle, place, said):
    assert search_status(messages(THREE, 76, is_wrapped=True, needle=needle), place, needle) == said


def test_empty_text_has_one_place():
    assert (Text().paragraph_at(5), Text().line_of(3)) == (0, 0)


@pytest.mark.parametrize("text", ["倉庫 " * 60_000, "word " * 60_000], ids=["wide", "narrow"])
def test_one_message_of_hundreds_of_kilobytes_is_wrapped_and_searched(text):
    """It took minutes when each line looked at all that is behind it: a screen that stands still for so long is a broken one."""
    found = messages(after(job(1, "FAILED", messages=[text])), 78, is_wrapped=True, needle=text[0])

    assert len(found.matches) == 60_000
    assert list(found.begins) == [0]


def in_cells(text):
    return "".join(character * cell_len(character) for character in text)


@given(SENT, st.text(st.sampled_from("ab倉"), min_size=1, max_size=3), st.integers(12, 30), st.booleans())
def test_what_is_searched_for_stands_at_the_cells_of_its_matches(sent, needle, width, is_wrapped):
    text = messages(after(job(messages=sent)), width, is_wrapped=is_wrapped, needle=needle)

    shown = [in_cells(line) for line in texts(text)]
    for match in text.matches:
        assert match.stop > match.start
        assert shown[match.line][match.start : match.stop] == in_cells(needle)[: match.stop - match.start]


def test_matches_on_wrapped_lines_are_at_their_own_cells():
    text = messages(after(job(messages=["aa bb aa bb aa", "倉倉 bb 倉 bb"])), 10, is_wrapped=True, needle="bb")

    assert texts(text) == ["1 aa bb", "  aa bb aa", "2 倉倉 bb", "  倉 bb"]
    assert list(text.matches) == [(0, 5, 7), (1, 5, 7), (2, 7, 9), (3, 5, 7)]
