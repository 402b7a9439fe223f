from dataclasses import replace

import pytest

from tests.support.factories import at
from tests.support.view_states import snapshot
from tui.domain.selection import Selection
from tui.domain.watched_list import Extent, WatchedList
from tui.ui.rendering.status_bar import notices

BEFORE = snapshot()


@pytest.mark.parametrize(
    ("change", "log", "text"),
    [
        pytest.param({}, "crash.log", None, id="nothing"),
        pytest.param(
            {"restarts": 1}, "crash.log", "jobdeck met a bug and continues; details: crash.log", id="restarted"
        ),
        pytest.param({"restarts": 1}, "", "jobdeck met a bug and continues", id="restarted without a log"),
        pytest.param(
            {"lists": (WatchedList(Selection("inv.csv"), 3, length=100, extent=Extent.CUT, checked_reading=3),)},
            "",
            "not all jobs of 'inv.csv' may be known: the server cut its list at 100 jobs",
            id="list that is not proven whole",
        ),
        pytest.param(
            {"lists": (WatchedList(Selection("inv.csv"), 3, extent=Extent.COMPLETE, checked_reading=3),)},
            "",
            None,
            id="whole list",
        ),
        pytest.param(
            {"skipped": 2},
            "",
            "the server's list holds 2 elements that describe no job; the list does not count as complete",
            id="odd list",
        ),
        pytest.param(
            {"token_renewed_at": at()}, "crash.log", "the token was rejected, and jobdeck renewed it", id="renewed"
        ),
    ],
)
def test_only_what_happened_is_told(change, log, text):
    assert notices(BEFORE, replace(BEFORE, **change), log=log) == text


def test_what_was_told_is_not_told_again():
    renewed = replace(BEFORE, restarts=3, token_renewed_at=at())

    assert notices(renewed, replace(renewed, answered_at=at(5)), log="") is None
