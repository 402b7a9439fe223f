"""A very narrow list shows whole statuses and whole ids: a cut id is another job's."""

import pytest

from tests.support.factories import job
from tests.support.view_states import after
from tui.domain.watchlist import Watchlist
from tui.presentation.columns import JOB, STATUS
from tui.ui.rendering.job_table import Columns


@pytest.mark.parametrize("job_id", [102, 884213])
def test_list_of_a_screen_of_20_cells_has_room_for_status_and_id(job_id):
    watchlist = Watchlist().with_jobs([after(job(job_id, "FAILED"), job_id=job_id)])

    columns = Columns.for_list(watchlist, 20 - 2 - 1)  # without the cursor's bar and the scrollbar

    sizes = dict(columns.cells)
    assert columns.width <= 17
    assert sizes[STATUS] >= len("FAILED")
    assert sizes[JOB] >= len(str(job_id))
