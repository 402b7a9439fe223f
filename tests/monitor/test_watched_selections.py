"""Which selections are watched, and the query that each of them sends."""

import pytest

from tui.domain.job_source import JobQuery
from tui.domain.selection import Selection
from tui.monitor.watched_lists import WatchedLists

PATTERN, FILE, OTHER = Selection("inv*"), Selection("inv.csv"), Selection("other.csv")
COMPOSED, DECOMPOSED = "L\u00e4ger.csv", "La\u0308ger.csv"


@pytest.fixture
def lists():
    return WatchedLists()


def test_selections_keep_the_order_in_which_they_were_added(lists):
    for selection in (OTHER, FILE, OTHER):
        lists.add(selection)

    assert list(lists) == [OTHER, FILE]


def test_a_pattern_takes_the_files_found_through_it_along(lists):
    lists.add(PATTERN)
    lists.add(FILE, pattern=PATTERN)
    lists.add(OTHER)

    assert lists.remove(PATTERN) == {PATTERN.query, FILE.query}
    assert list(lists) == [OTHER]


def test_a_file_that_a_user_named_stays_without_its_pattern(lists):
    lists.add(PATTERN)
    lists.add(FILE, pattern=PATTERN)
    lists.add(FILE)

    assert lists.remove(PATTERN) == {PATTERN.query}
    assert list(lists) == [FILE]


def test_a_file_that_a_user_named_does_not_become_one_of_a_pattern(lists):
    lists.add(FILE)
    lists.add(FILE, pattern=PATTERN)

    assert lists.remove(PATTERN) == frozenset()
    assert list(lists) == [FILE]


def test_a_query_that_another_selection_needs_is_kept(lists):
    everything, other_pattern = Selection("x*"), Selection("y*")
    lists.add(everything)
    lists.add(other_pattern)

    assert lists.remove(everything) == frozenset()
    assert lists.remove(other_pattern) == {other_pattern.query}


def test_a_name_is_asked_for_in_each_of_its_forms_in_turn(lists):
    selection = Selection(COMPOSED)
    lists.add(selection)

    turns = [lists.turn(selection) for _ in range(3)]

    assert turns == [JobQuery(original_filename=name) for name in (DECOMPOSED, COMPOSED, DECOMPOSED)]
    assert lists.query_of(selection) == JobQuery(original_filename=DECOMPOSED)


@pytest.mark.parametrize("selection", [FILE, PATTERN, Selection(location="W01"), Selection(COMPOSED)], ids=str)
def test_a_selection_with_one_form_or_that_is_not_watched_has_no_turn(lists, selection):
    if selection.file != COMPOSED:
        lists.add(selection)

    assert lists.turn(selection) is None
    assert lists.query_of(selection) == selection.query
