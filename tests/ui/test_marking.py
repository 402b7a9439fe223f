"""Marks: which jobs are marked, that they show, and that actions take them."""

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.history.views import RememberedView

FIVE = {job_id: ["PENDING"] for job_id in (11, 12, 13, 14, 15)}
GROUPED = {
    1: [job(1, "FAILED", originalFilename="a.csv")],
    2: [job(2, "PENDING", originalFilename="a.csv")],
    3: [job(3, "PENDING", originalFilename="b.csv")],
}


@pytest.mark.parametrize(
    ("keys", "marked"),
    [
        (["space"], (11,)),
        (["space", "space"], (11, 12)),
        (["space", "k", "space"], ()),
        (["j", "v", "j", "j", "v"], (12, 13, 14)),
        (["G", "v", "k", "v"], (14, 15)),
        (["v", "escape", "j", "v", "v"], (12,)),
        (["space", "v", "escape"], (11,)),
        (["space", "escape"], ()),
    ],
)
async def test_space_marks_a_row_and_v_a_range(keys, marked):
    async with desk(FIVE) as it:
        await it.press(*keys)

        assert it.jobs.marked_ids == marked


async def test_marked_rows_and_their_number_show_without_colour(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with desk(FIVE) as it:
        await it.until(it.has_answers)
        await it.press("space", "j", "space")
        await it.settle()

        assert [line[:2].strip("▌ ") for line in it.lines[4:9]] == ["■", "", "■", "", ""]
        assert "━ 2 marked · 5 jobs ━" in it.text


async def test_a_group_row_marks_all_its_jobs():
    async with desk(GROUPED, view=RememberedView()) as it:
        await it.until(lambda: it.jobs.grouped_by.value == "file")
        await it.press("g", "space")

        assert it.jobs.marked_ids == (1, 2)


async def test_actions_take_the_marks_and_not_the_cursor():
    async with desk(FIVE) as it:
        await it.press("space", "space", "G", "m")
        pinned = it.screen.pinned
        await it.press("x")
        await it.until(lambda: it.watched == (13, 14, 15))

        assert pinned == (11, 12)


async def test_a_filter_keeps_marked_jobs_that_it_hides_from_actions():
    async with desk(FIVE) as it:
        await it.press("space", "space", "slash", *"12", "enter", "m")

        assert it.screen.pinned == (12,)


async def test_escape_clears_the_marks_before_the_filter():
    async with desk(FIVE) as it:
        await it.press("slash", *"pend", "enter", "space", "escape")
        after_marks = (it.jobs.marked_ids, it.jobs.filter_text)
        await it.press("escape")

        assert (after_marks, it.jobs.filter_text) == (((), "pend"), "")


@pytest.mark.parametrize("key", ["space", "v"])
async def test_marks_outside_the_list_say_where_they_are_set(key):
    async with desk(FIVE) as it:
        await it.press("m", "4", key)

        assert "marks are set in the list: 2 goes there" in it.lines[-1]
