from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.factories import at, job
from tests.support.view_states import ASCII, LOOK, after, later, snapshot
from tui.analysis.groups import GroupBy, GroupKey, Groups, GroupSummary
from tui.analysis.late import Late, Lateness
from tui.domain.watched_list import Extent
from tui.ui.rendering.group_lines import GroupView, group_count, group_line, group_overview, short_name
from tui.ui.rendering.job_rows import GroupRow
from tui.ui.rendering.lines import line_width, text_of
from tui.ui.rendering.view_state import ViewState

FILE = GroupKey(GroupBy.FILE, "STORE_INVENTORY_20261129_0930.csv")
MIXED = GroupSummary(
    total=190, ended=185, failed=3, late=2, working=2, pending=1, succeeded=182, failed_at=("1399", "1707", "2239")
)
GREEN = GroupSummary(total=6, ended=6, succeeded=6, ended_at=at())


def view(summary, key=FILE, extent=None, listed=None, *, is_succeeded=False):
    return GroupView(
        GroupRow(key, is_succeeded), summary, tuple(range(summary.total if listed is None else listed)), extent
    )


def line(shown, width=110, look=LOOK, *, name_width=33, is_folded=False):
    return text_of(group_line(shown, look, width, name_width=name_width, is_folded=is_folded))


def test_row_of_a_group_says_how_many_ended_where_it_failed_and_what_is_late():
    assert line(view(MIXED)) == ("STORE_INVENTORY_20261129_0930.csv   185/190 ended   ✖ 1399 1707 2239   ! 2 late")


def test_folded_group_counts_what_runs_and_waits_too():
    assert line(view(MIXED), is_folded=True).endswith("! 2 late   ▶ 2   · 1")


def test_row_in_a_narrow_list_keeps_the_numbers_and_the_end_of_the_file_name():
    assert line(view(MIXED), 55) == "…ORY_20261129_0930.csv   185/190  ✖ 1399 1707 2239  ! 2"


@pytest.mark.parametrize("width", range(1, 100))
def test_row_is_never_wider_than_the_list(width):
    assert line_width(group_line(view(MIXED), LOOK, width, name_width=33, is_folded=True)) <= width


def test_many_failed_locations_are_counted():
    many = replace(MIXED, failed=20, failed_at=tuple(str(1000 + place) for place in range(20)))

    assert "✖ 20 failed: 1000 1001 1002 1003 1004 +15" in line(view(many))


def test_group_of_one_location_does_not_repeat_it():
    summary = replace(MIXED, failed_at=("1707",))

    assert "✖ 3 failed" in line(view(summary, GroupKey(GroupBy.LOCATION, "1707")), name_width=4)


@pytest.mark.parametrize(
    ("look", "extent", "words"),
    [
        (LOOK, None, "✔ all succeeded just now"),
        (later(LOOK, 260), None, "✔ all succeeded 4 min ago"),
        (later(LOOK, 260), Extent.CUT, "✔ all known succeeded 4 min ago   there may be more"),
        (replace(LOOK, ahead=timedelta(minutes=2)), None, "✔ all succeeded 2 min ago"),
        (later(ASCII, 260), None, "+ all succeeded 4 min ago"),
    ],
    ids=["now", "a while ago", "known ones only", "by the server's clock", "ASCII"],
)
def test_group_in_which_all_succeeded_says_since_when(look, extent, words):
    assert line(view(GREEN, extent=extent), look=look).endswith(words)


def test_group_of_a_filtered_list_says_how_many_jobs_are_listed():
    assert "185/190 ended   3 listed" in line(view(MIXED, listed=3))
    assert "all succeeded" in line(view(GREEN, listed=1))


def test_jobs_without_a_name_are_a_group_with_words():
    assert line(view(MIXED, GroupKey(GroupBy.FILE, None)), name_width=7).startswith("no file   185/190")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ([], ""),
        ([GroupKey(GroupBy.FILE, None)], ""),
        ([FILE], " · 1 file"),
        ([FILE, GroupKey(GroupBy.FILE, "b.csv"), GroupKey(GroupBy.FILE, None)], " · 2 files"),
        ([GroupKey(GroupBy.STATUS, "FAILED"), GroupKey(GroupBy.STATUS, "SUCCESS")], " · 2 groups"),
    ],
)
def test_groups_with_a_name_are_counted(keys, words):
    assert group_count(keys) == words


@pytest.mark.parametrize(
    ("name", "by", "shown"),
    [
        ("倉庫_0930.csv", GroupBy.FILE, "…930.csv"),
        ("倉庫の在庫ファイル", GroupBy.FILE, "…ァイル"),
        ("a long cause", GroupBy.CAUSE, "a long…"),
    ],
)
def test_end_of_a_file_name_is_kept_and_the_beginning_of_others(name, by, shown):
    assert short_name(name, by, 8, "…") == shown


def test_detail_of_a_group_has_its_counts_causes_with_locations_failures_and_late_jobs():
    messages = {1: ["UPC 1 not found", "UPC 2 not found"], 2: ["UPC 3 not found"], 3: ["no space left"]}
    jobs = [
        after(job(each, "FAILED", messages=texts, locationCode=f"W{each}"), job_id=each)
        for each, texts in messages.items()
    ]
    late = after(job(4, "PENDING", locationCode="W4"), job_id=4)
    scene = ViewState(snapshot(*jobs, late), LOOK, late={4: Lateness(Late.TO_START, 60, 3)})
    groups, key = Groups(), GroupKey(GroupBy.FILE, "a.csv")
    groups.update(scene.watchlist, GroupBy.FILE, {4})
    summary = groups.summary(GroupKey(GroupBy.FILE, None))
    shown = GroupView(GroupRow(key), summary, (1, 2, 3, 4))

    assert [text_of(each).rstrip() for each in group_overview(shown, scene, 90, 10)] == [
        "3 of 4 ended   ✖ 3 failed   ! 1 late",
        "3×  UPC ‹…› not found    W1 W2",
        "1×  no space left    W3",
        "failed    W1 (1) W2 (2) W3 (3)",
        "late      W4 (4)",
        "watched by id: the file may have more jobs",
    ]


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        (Extent.COMPLETE, "all its jobs are known"),
        (Extent.CUT, "the server cut the list: there may be more jobs"),
        (Extent.UNKNOWN, "there may be more jobs: the list is not checked yet"),
    ],
)
def test_detail_of_a_group_says_whether_all_its_jobs_are_known(extent, words):
    lines = group_overview(view(GREEN, extent=extent), ViewState(snapshot(), LOOK), 80, 10)

    assert text_of(lines[-1]) == words
