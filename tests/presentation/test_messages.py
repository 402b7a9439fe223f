from dataclasses import replace

import pytest

from tests.support.factories import at
from tests.support.view_states import after, snapshot
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot
from tui.domain.watched_list import Extent, WatchedList
from tui.presentation.messages import doubt_note, left_text, looking_for, token_left_s, unknown_end
from tui.scripts.stderr_messages import AccessNotes, unproven_notes
from tui.ui.rendering.status_bar import notices

CUT = WatchedList(
    Selection(file="inv.csv", location="W01"), reading=1, length=100, extent=Extent.CUT, checked_reading=1
)


@pytest.mark.parametrize(
    ("ends_s", "left_s"), [(None, None), (601, None), (600, 600), (-5, -5)], ids=["unknown", "later", "soon", "over"]
)
def test_a_token_is_warned_about_in_its_last_ten_minutes(ends_s, left_s):
    ends_at = None if ends_s is None else at(ends_s)

    assert token_left_s(Snapshot(access_ends_at=ends_at), at()) == left_s


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (-1, ""), (0, ""), (0.1, "0:01"), (40, "0:40"), (60.5, "1:01")]
)
def test_time_that_is_left_is_never_nought(seconds, text):
    assert left_text(None if seconds is None else at(seconds), at()) == text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (None, "ended without a status"),
        (JobStatus("HALTED"), "ended with the status 'HALTED', which jobdeck does not know"),
    ],
)
def test_an_unknown_end(status, text):
    assert unknown_end(status) == text


def test_text_of_a_selection_has_no_control_characters():
    assert looking_for("of inv\x1b.csv") == "looking for jobs of inv\\x1b.csv"


def test_app_and_commands_doubt_a_list_in_the_same_words():
    doubt = "not all jobs of 'inv.csv' at W01 may be known: the server cut its list at 100 jobs"

    assert doubt_note(CUT) == doubt
    assert notices(Snapshot(), snapshot(after("PENDING"), lists=(CUT,)), log="") == doubt
    assert unproven_notes([CUT], known=100)[0].startswith(f"{doubt}; ")


def test_app_and_commands_report_a_new_token_in_the_same_words():
    renewed = replace(Snapshot(), token_renewed_at=at())

    assert AccessNotes().new(renewed, at()) == (notices(Snapshot(), renewed, log=""),)
