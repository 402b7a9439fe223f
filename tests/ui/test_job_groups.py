"""Groups in the list: their rows, keys and actions, by a real monitor and Textual's pilot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.analysis.groups import GroupBy, GroupKey
from tui.history.views import RememberedView
from tui.ui.rendering.job_rows import GroupRow

A, B = (GroupRow(GroupKey(GroupBy.FILE, f"{name}.csv")) for name in "ab")
A_GREEN = GroupRow(A.key, is_succeeded=True)
BY_ATTENTION = RememberedView()


def of_file(name, job_id, status, **fields):
    return job(job_id, status, originalFilename=f"{name}.csv", locationCode=f"W{job_id}", **fields)


def two_files():
    """Jobs 1 to 5 of one file, with a failure, and 6 and 7 of another, which succeeded."""
    statuses = ["WORKING", "SUCCESS", "FAILED", "SUCCESS", "SUCCESS"]
    return {
        **{job_id: [of_file("a", job_id, status)] for job_id, status in enumerate(statuses, 1)},
        **{job_id: [of_file("b", job_id, "SUCCESS")] for job_id in (6, 7)},
    }


def grouped_desk(**options):
    return desk(two_files(), view=options.pop("view", BY_ATTENTION), **options)


async def settled(it):
    await it.until(lambda: it.jobs.rows == (A, 3, 1, A_GREEN, B))


async def test_jobs_are_grouped_as_soon_as_two_share_a_file():
    async with desk({1: [of_file("a", 1, "PENDING")], 2: [of_file("b", 2, "PENDING")]}, view=BY_ATTENTION) as it:
        await it.until(lambda: it.status(2) is not None)
        alone = it.jobs.rows
        await it.answered(2, of_file("a", 2, "WORKING"))

        await it.until(lambda: it.jobs.rows == (A, 2, 1))
        assert alone == (1, 2)


async def test_first_row_is_under_the_cursor_until_the_user_moves():
    async with grouped_desk() as it:
        await settled(it)

        assert (it.jobs.cursor_row, it.jobs.cursor, it.detail.job_id) == (A, None, None)
        assert "4/5 ended" in it.text
        assert "4 of 5 ended" in it.text


async def test_keys_unfold_and_fold():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("G", "l")
        unfolded = it.jobs.rows
        await it.press("l", "h")
        head = it.jobs.cursor_row
        await it.press("h")
        folded = it.jobs.rows
        await it.press("enter")

        assert unfolded == it.jobs.rows == (A, 3, 1, A_GREEN, B, 6, 7)
        assert (head, folded) == (B, (A, 3, 1, A_GREEN, B))


async def test_succeeded_jobs_unfold_below_their_row():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("j", "j", "j", "enter")
        unfolded = it.jobs.rows
        await it.press("j", "h", "h")

        assert unfolded == (A, 3, 1, A_GREEN, 2, 4, 5, B)
        assert (it.jobs.cursor_row, it.jobs.rows) == (A_GREEN, (A, 3, 1, A_GREEN, B))


@pytest.mark.parametrize(
    ("keys", "why"),
    [("jl", "enter opens the job"), ("hh", "folded: l unfolds it")],
    ids=["job has nothing to unfold", "group is folded"],
)
async def test_key_that_folds_nothing_says_why(keys, why):
    async with grouped_desk() as it:
        await settled(it)
        await it.press(*keys)

        await it.until(lambda: why in it.lines[-1])


async def test_key_that_folds_says_without_groups_how_to_get_some():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("h")

        await it.until(lambda: "o groups the jobs" in it.lines[-1])


async def test_removal_takes_the_whole_group_and_undo_brings_it_back():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("x")
        await it.until(lambda: it.watched == (6, 7))
        said = it.lines[-1]
        await it.press("u")

        await it.until(lambda: it.watched == (1, 2, 3, 4, 5, 6, 7))
        assert "5 jobs removed: u undoes it" in said


async def test_removal_under_a_filter_takes_only_what_is_listed():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("/", *"success", "enter")
        await it.until(lambda: it.jobs.rows == (A, 2, 4, 5, B, 6, 7))
        listed = it.text
        await it.press("g", "x")

        await it.until(lambda: it.watched == (1, 3, 6, 7))
        assert "4/5 ended   3 listed   ✖ W3" in listed


async def test_pin_takes_the_jobs_of_the_group_and_unpins_them_together():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("G", "m")
        pinned = it.screen.pinned
        await it.press("m")

        assert (pinned, it.screen.pinned) == ((6, 7), ())


async def test_next_failed_job_is_found_in_a_folded_group():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("h", "G", "e")
        found = it.jobs.cursor
        await it.press("G")
        it.answer(1, of_file("a", 1, "FAILED"))

        await it.until(lambda: it.jobs.rows == (A, 1, 3, A_GREEN, B))
        assert found == 3


async def test_next_failed_job_from_the_row_of_a_group_is_its_first():
    jobs = {job_id: [of_file("a", job_id, "FAILED")] for job_id in (1, 2, 3)}
    async with desk(jobs, view=BY_ATTENTION) as it:
        await it.until(lambda: it.jobs.rows == (A, 1, 2, 3))
        await it.press("e")

        assert it.jobs.cursor == 1


async def test_previous_failed_job_is_found_from_the_row_of_its_group():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("E")

        assert it.jobs.cursor == 3


async def test_cursor_follows_a_job_that_succeeds_and_is_not_folded_away():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("j", "j")
        row = it.row_of(1)
        await it.answered(1, of_file("a", 1, "SUCCESS"))
        await it.until(lambda: "5/5 ended" in it.text)
        await it.until(lambda: it.jobs.rows == (A, 3, 1, A_GREEN, B))
        line = it.jobs.cursor_line
        await it.press("k")

        assert row != it.row_of(1)
        assert line == it.lines.index(it.row_of(1))
        await it.until(lambda: it.jobs.rows == (A, 3, A_GREEN, B))


async def test_group_that_fails_below_does_not_move_the_row_under_the_cursor():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("G")
        line = it.jobs.cursor_line
        it.answer(7, of_file("b", 7, "FAILED"))
        await it.press("r")

        await it.until(lambda: it.jobs.rows == (A, 3, 1, A_GREEN, B, 7, 6))
        assert (it.jobs.cursor_row, it.jobs.cursor_line) == (B, line)


async def test_list_is_grouped_by_what_the_user_chooses_and_says_so():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("o", *"location", "enter")
        await it.until(lambda: "Jobs  by location · attention first" in it.text)
        by_location = it.jobs.rows
        await it.press("colon", *"do not group", "enter")

        await it.until(lambda: it.jobs.rows == (3, 1, 2, 4, 5, 6, 7))
        assert by_location[0] == GroupRow(GroupKey(GroupBy.LOCATION, "W3"))
        assert "Jobs  attention first" in it.text


async def test_palette_takes_the_grouping_as_an_argument():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("colon", *"group location", "enter")

        assert it.jobs.group_by is GroupBy.LOCATION


async def test_file_column_leaves_a_list_by_file():
    async with grouped_desk(size=(140, 40)) as it:
        await settled(it)
        header = next(line for line in it.lines if "STATUS" in line)
        it.jobs.group_by = GroupBy.NONE
        await it.pilot.pause()

        assert "FILE" not in header
        assert any("FILE" in line and "STATUS" in line for line in it.lines)


async def test_grouping_and_folds_are_remembered():
    async with grouped_desk() as it:
        await settled(it)
        await it.press("h", "G", "l")
        kept = it.screen.remembered
    async with grouped_desk(view=kept) as it:
        await it.until(lambda: it.jobs.rows == (A, B, 6, 7))

    async with grouped_desk(view=RememberedView(grouping="status")) as it:
        await it.until(lambda: it.jobs.grouped_by is GroupBy.STATUS)
        assert it.screen.remembered.grouping == "status"


def ago(seconds):
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def upload():
    """190 jobs of one file: 185 ended, three of them failed; two wait far too long."""
    scripts = {}
    for job_id in range(884_200, 884_390):
        place = f"{1000 + job_id - 884_200}"
        fields = {"type": "REFRESH", "originalFilename": "STORE_INVENTORY_20261129_0930.csv", "locationCode": place}
        times = {"added": ago(400), "started": ago(360), "finished": ago(330)}
        if job_id in {884_257, 884_301, 884_311}:
            told = [f"UPC 00{number} not found at location {place}" for number in range(22945, 22945 + 40)]
            known = job(job_id, "FAILED", **fields, **times, messages=told)
        elif job_id in {884_203, 884_206}:
            known = job(job_id, "PENDING", **fields, added=ago(900))
        elif job_id >= 884_387:
            known = job(job_id, "WORKING", **fields, added=ago(60), started=ago(20))
        else:
            known = job(job_id, "SUCCESS", **fields, **times)
        scripts[job_id] = [known]
    return scripts


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_first_screen_of_an_upload_answers_what_failed_why_and_what_is_late(size):
    async with desk(upload(), view=BY_ATTENTION, size=size) as it:
        await it.until(lambda: "! 2" in it.lines[0] and it.row_of(884_206))

        failed = [it.row_of(job_id) for job_id in (884_257, 884_301, 884_311)]
        late = [it.row_of(job_id) for job_id in (884_203, 884_206)]
        group = next(line for line in it.lines if "/190 " in line)
        assert all("FAILED" in row for row in failed)
        assert "40× UPC ‹…› not found" in failed[0]
        assert all("≡ same cause as 884257" in row for row in failed[1:])
        assert all("!" in row and "waits" in row for row in late)
        assert "185/190" in group
        assert "✖ 1057 1101 1111" in group
        assert "! 2" in group
        assert "▸ ✔ 182 succeeded" in it.text
        assert "120×  UPC ‹…› not found at location ‹…›" in it.text


async def test_second_click_on_the_row_of_a_group_folds_it():
    async with grouped_desk() as it:
        await settled(it)
        line = it.jobs.cursor_line
        await it.pilot.click(it.jobs, offset=(10, line - it.jobs.region.y))
        await it.pilot.pause()

        assert it.jobs.rows == (A, B)


async def test_note_says_which_job_failed_by_the_same_cause():
    told = {job_id: [of_file("a", job_id, "FAILED", messages=[f"UPC {job_id} not found"])] for job_id in (1, 2)}
    async with desk(told, view=BY_ATTENTION) as it:
        await it.until(lambda: "≡ same cause as 1" in it.row_of(2))
        await it.answered(2, of_file("a", 2, "FAILED", messages=["no space left"]))
        await it.press("r")

        await it.until(lambda: "no space left" in it.row_of(2))
        assert "UPC 1 not found" in it.row_of(1)


async def test_pin_of_a_large_group_takes_its_first_jobs():
    async with desk({job_id: [of_file("a", job_id, "PENDING")] for job_id in range(1, 41)}, view=BY_ATTENTION) as it:
        await it.until(lambda: it.jobs.cursor_row == A)
        await it.press("m")
        pinned, said = it.screen.pinned, it.lines[-1]
        await it.press("m")

        assert (pinned, it.screen.pinned) == (tuple(range(1, 25)), ())
        assert "24 jobs of 40 pinned" in said


async def test_rows_that_appear_above_the_cursor_leave_it_on_its_line_of_the_screen():
    jobs = {
        **{job_id: [of_file("a", job_id, "SUCCESS")] for job_id in (1, 2, 3)},
        **{job_id: [of_file("b", job_id, "PENDING")] for job_id in range(4, 40)},
    }
    async with desk(jobs, view=RememberedView(order="as given")) as it:
        await it.until(lambda: it.jobs.rows[:3] == (A, B, 4))
        await it.press(*"jjjj")
        line = it.jobs.cursor_line
        it.answer(2, of_file("a", 2, "FAILED"))
        await it.press("R")

        await it.until(lambda: it.jobs.rows[:5] == (A, 2, A_GREEN, B, 4))
        assert (it.jobs.cursor, it.jobs.cursor_line) == (6, line)
        assert it.jobs.cursor_line == it.lines.index(it.row_of(6))


async def test_h_on_a_job_without_a_group_above_says_so():
    jobs = {number: [job(number, "PENDING", originalFilename="a.csv")] for number in (1, 2)}
    async with desk(jobs, view=RememberedView()) as it:
        await it.until(lambda: len(it.jobs.rows) == 3)
        await it.press("j")
        held = it.jobs._listed
        it.jobs._listed = replace(held, rows=(held.rows[1], held.rows[0], held.rows[2]))
        it.jobs._places = {row: place for place, row in enumerate(it.jobs._listed.rows)}

        await it.press("h")

        assert "the group of this job is below" in it.lines[-1]
