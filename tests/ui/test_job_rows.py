import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import job
from tests.support.view_states import after
from tui.analysis.groups import GroupBy, GroupKey, Groups
from tui.domain.watchlist import Watchlist
from tui.ui.rendering.job_rows import Folds, GroupRow, JobRows, grouped

A, B, NAMELESS = (GroupRow(GroupKey(GroupBy.FILE, name)) for name in ("a.csv", "b.csv", None))
A_GREEN = GroupRow(A.key, is_succeeded=True)


def known(**files):
    """The groups of jobs with these statuses, by file; ids rise from 1."""
    jobs, job_id = [], 0
    for name, statuses in files.items():
        for status in statuses.split():
            job_id += 1
            file = None if name == "none" else f"{name}.csv"
            jobs.append(after(job(job_id, status, originalFilename=file), job_id=job_id))
    watchlist, groups = Watchlist().with_jobs(jobs), Groups()
    groups.update(watchlist, GroupBy.FILE)
    return watchlist, groups


def rows(watchlist, groups, folds=None, before=None, **options):
    return grouped(watchlist.ids, groups, folds or Folds(), before or JobRows(), **options)


def test_group_has_a_row_above_its_jobs_and_succeeded_ones_are_folded_into_one_below():
    made = rows(*known(a="FAILED SUCCESS WORKING SUCCESS", b="PENDING"))

    assert made.rows == (A, 1, 3, A_GREEN, B, 5)
    assert made.ids == (1, 2, 3, 4, 5)
    assert made.folded == {A_GREEN}


def test_group_in_which_all_succeeded_is_folded():
    assert rows(*known(a="SUCCESS SUCCESS", b="PENDING")).rows == (A, B, 3)


def test_single_succeeded_job_has_its_own_row():
    assert rows(*known(a="SUCCESS PENDING")).rows == (A, 1, 2)


def test_what_the_user_unfolded_is_unfolded():
    all_green, mixed = known(a="SUCCESS SUCCESS"), known(a="FAILED SUCCESS SUCCESS")

    assert rows(*all_green, Folds({A: False})).rows == (A, 1, 2)
    assert rows(*all_green, Folds({A: False}), held=2).rows == (A, 1, 2)
    assert rows(*mixed, Folds({A_GREEN: False})).rows == (A, 1, A_GREEN, 2, 3)


def test_what_the_user_folded_is_folded_when_a_job_fails_too():
    assert rows(*known(a="FAILED WORKING", b="PENDING"), Folds({A: True})).rows == (A, B, 3)


def test_filter_shows_what_it_found():
    assert rows(*known(a="SUCCESS SUCCESS", b="FAILED SUCCESS SUCCESS"), is_filtered=True).rows == (A, 1, 2, B, 3, 4, 5)


def test_job_under_the_cursor_is_not_folded():
    watchlist, groups = known(a="SUCCESS SUCCESS SUCCESS")

    assert rows(watchlist, groups, held=2).rows == (A, 2, A_GREEN)
    assert rows(watchlist, groups, Folds({A: True}), held=2).rows == (A, 2, A_GREEN)


@pytest.mark.parametrize(
    ("files", "order"),
    [
        ({"a": "PENDING", "b": "FAILED"}, (B, A)),
        ({"a": "FAILED", "b": "FAILED FAILED"}, (B, A)),
        ({"a": "SUCCESS", "b": "PENDING"}, (B, A)),
        ({"none": "FAILED", "a": "FAILED", "b": "FAILED"}, (A, B, NAMELESS)),
        ({"none": "FAILED", "a": "PENDING", "b": "FAILED"}, (B, NAMELESS, A)),
    ],
    ids=[
        "failed first",
        "most failures first",
        "all succeeded last",
        "those without a name after the others",
        "but not after better ones",
    ],
)
def test_groups_that_need_attention_come_first(files, order):
    made = rows(*known(**files), is_by_attention=True)

    assert tuple(row for row in made.rows if isinstance(row, GroupRow)) == order


def test_row_under_the_cursor_keeps_its_group_and_its_row_in_it():
    watchlist, groups = known(a="PENDING WORKING PENDING", b="PENDING")
    before = rows(watchlist, groups, is_by_attention=True)
    failed = after(job(4, "FAILED", originalFilename="b.csv"), job_id=4)
    groups.update(watchlist.with_jobs([failed]), GroupBy.FILE)

    held_job = grouped((4, 2, 1, 3), groups, Folds(), before, held=1, is_by_attention=True)
    held_group = grouped((4, 2, 1, 3), groups, Folds(), before, held=A, is_by_attention=True)
    free = grouped((4, 2, 1, 3), groups, Folds(), before, is_by_attention=True)

    assert held_job.rows == (A, 1, 2, 3, B, 4)
    assert held_group.rows == (A, 2, 1, 3, B, 4)
    assert free.rows == (B, 4, A, 2, 1, 3)


STATUSES = st.lists(st.sampled_from(["PENDING", "FAILED", "SUCCESS"]), max_size=5).map(" ".join)


@given(
    st.fixed_dictionaries({"a": STATUSES, "b": STATUSES, "none": STATUSES}),
    st.dictionaries(st.sampled_from([A, B, NAMELESS, A_GREEN]), st.booleans()),
    st.one_of(st.none(), st.integers(1, 9), st.sampled_from([A, A_GREEN])),
    st.booleans(),
)
def test_every_job_is_below_one_group_or_hidden_by_one_fold(files, chosen, held, is_filtered):
    watchlist, groups = known(**files)

    made = rows(watchlist, groups, Folds(chosen), held=held, is_filtered=is_filtered)

    shown = [row for row in made.rows if isinstance(row, int)]
    hidden = [job_id for row in made.folded for job_id in made.jobs_of(row) if job_id not in shown]
    assert sorted([*shown, *hidden]) == sorted(watchlist.ids) == sorted(made.ids)
    assert len(set(made.rows)) == len(made.rows)
    assert held not in watchlist.ids or held in made.rows


@given(
    st.dictionaries(
        st.builds(
            GroupRow,
            st.builds(GroupKey, st.sampled_from(GroupBy), st.text(min_size=1).map(str.strip).filter(bool) | st.none()),
            st.booleans(),
        ),
        st.booleans(),
    )
)
def test_remembered_folds_are_the_same(chosen):
    assert Folds.of_words(Folds(chosen).words).chosen == chosen


def test_folds_that_nobody_made_are_left_out():
    assert Folds.of_words(["", "-", "*file a.csv", "-planet a.csv", "file a.csv", "-file a.csv"]).chosen == {A: True}


def test_failed_jobs_name_the_first_of_their_group_with_the_same_cause():
    known = {
        1: ("a", "UPC 1 not found"),
        2: ("a", "UPC 2 not found"),
        3: ("a", "no space left"),
        4: ("b", "UPC 3 not found"),
    }
    jobs = [
        after(job(job_id, "FAILED", originalFilename=f"{file}.csv", messages=[text]), job_id=job_id)
        for job_id, (file, text) in known.items()
    ]
    watchlist, groups = Watchlist().with_jobs(jobs), Groups()
    groups.update(watchlist, GroupBy.FILE)

    assert rows(watchlist, groups).same_as == {2: 1}
