"""The filter language: what each condition lists, its mistakes, its completion, and its limits."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import job
from tests.support.view_states import after
from tui.analysis.job_filter import FilterError, Subject, completed, kept_filter, parse_filter, work
from tui.domain.tracked_job import TrackedJob
from tui.ui.rendering.job_table import searchable_words

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
FAILED = after(
    job(
        1, "FAILED", type="REFRESH", locationCode="W01", originalFilename="Inv 0930.csv",
        added="2026-11-29T11:00:00Z", started="2026-11-29T11:05:00Z", finished="2026-11-29T11:07:00Z",
        messages=["UPC 17 not found", "end of file"],
    ),
    job_id=1,
)  # fmt: skip
WAITING = after(job(2, "PENDING", type="ADJUST", locationCode="W12", added="2026-11-29T11:50:00Z"), job_id=2)
RUNNING = after(
    job(3, "WORKING", locationCode="S01", added="2026-11-29T11:58:00Z", started="2026-11-29T11:59:00Z"), job_id=3
)
GOOD = after(job(4, "SUCCESS", type="REFRESH", locationCode="W010"), job_id=4)
UNREAD = TrackedJob(5)
JOBS = (FAILED, WAITING, RUNNING, GOOD, UNREAD)


def listed(text, jobs=JOBS, late=()):
    wanted = parse_filter(text)
    return [
        each.job_id for each in jobs if wanted.matches(Subject(each, searchable_words(each), each.job_id in late, NOON))
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("  ", [1, 2, 3, 4, 5]),
        ("!", [1, 2, 3, 4, 5]),
        ("w0", [1, 4]),
        ("refresh FOUND", [1]),
        ("!refresh", [2, 3, 5]),
        ('"not found"', [1]),
        ('!"not found" w0', [4]),
        ("status:failed", [1]),
        ("status:FAIL", [1]),
        ("status:succ", [4]),
        ("status:succeeded", [4]),
        ("status:not-read", [5]),
        ("status:failed,pending", [1, 2]),
        ("status:w*", [3]),
        ("status:late", [2]),
        ("!status:late", [1, 3, 4, 5]),
        ("loc:W01", [1]),
        ("loc:w0*", [1, 4]),
        ("loc:W01,S01", [1, 3]),
        ("loc:?01", [1, 3]),
        ("type:refresh", [1, 4]),
        ("type:*J*", [2]),
        ("file:0930", [1]),
        ('file:"inv 09"', [1]),
        ("file:*.csv", [1]),
        ("!file:inv", [2, 3, 4, 5]),
        ("wait>5m", [2]),
        ("wait>4m59s", [1, 2]),
        ("wait<5m", [3]),
        ("run>90s", [1]),
        ("run>30", [1, 3]),
        ("!run>30 !status:not-read", [2, 4]),
        ("msg:UPC", [1]),
        ("msg:/upc \\d+ not/", [1]),
        ("msg:/^end of/", [1]),
        ("msg:/UPC .* end/", []),
        ("msg:/not found", [1]),
        ("!msg:/x/ w01", [1, 4]),
        ("12:30", []),
        ("a>b", []),
    ],
)
def test_a_filter_lists_the_jobs_that_meet_all_of_it(text, ids):
    assert listed(text, late={2}) == ids


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "status:finished",
            "no status 'finished': pending working success succeeded failed late stale gone, or finished*",
        ),
        ("location:W01", "no field 'location': status loc type file msg wait run, or quote it: \"location:W01\""),
        ("loc:", "loc: needs a value, such as loc:W01 or loc:W0*"),
        ("wait>", "wait> needs a time, such as 5m or 1h30m"),
        ("run<soon", "run< needs a time, such as 5m or 1h30m, not 'soon'"),
        ("wait:5m", "wait takes > or <: wait>5m"),
        ("status>failed", "status takes a colon: status:failed"),
        ("msg:/(/", "msg:/(/ is no regular expression: missing ), unterminated subpattern at position 0"),
        ("msg:/(a+)+$/", "msg:/(a+)+$/ may take too long: fewer * + ? |, none in a repeated group"),
    ],
)
def test_a_mistake_says_which_value_and_what_to_type(text, mistake):
    with pytest.raises(FilterError, match=f"^{re.escape(mistake)}$"):
        parse_filter(f"w01 {text}")


@pytest.mark.parametrize(
    ("good", "text", "kept"),
    [
        ("loc:w01 status", "loc:w01 status:", "loc:w01"),
        ("!wait", "!wait>", ""),
        ("loc:w01 status:failed", "loc:w01 status:failedx", "loc:w01 status:failed"),
        ("status", "status failed:", "status"),
        ("x", "x:", "x"),
    ],
)
def test_the_last_good_filter_lacks_a_word_that_became_a_name(good, text, kept):
    assert kept_filter(good, text) == kept


CONDITIONS = {
    "w0": lambda each: "w0" in searchable_words(each),
    "found": lambda each: "found" in searchable_words(each),
    "status:failed": lambda each: str(each.status) == "FAILED",
    "status:pend": lambda each: str(each.status) == "PENDING",
    "loc:W0*": lambda each: each.job is not None and fnmatchcase(each.job.location_code or "", "W0*"),
    "type:adjust": lambda each: each.job is not None and each.job.type == "ADJUST",
    "msg:/w[0u]/": lambda each: each.job is not None and any("w0" in it or "wu" in it for it in each.job.messages),
    "wait>7m": lambda each: (
        each.status == "PENDING" and each.job.added is not None and NOON - each.job.added > timedelta(minutes=7)
    ),
}
ANY_JOBS = st.lists(
    st.builds(
        lambda job_id, status, kind, place, minutes, messages: after(
            job(job_id, status, type=kind, locationCode=place, added=(NOON - timedelta(minutes=minutes)).isoformat(),
                messages=messages),
            job_id=job_id,
        ),
        st.integers(1, 9),
        st.sampled_from(["FAILED", "PENDING", "HALTED"]),
        st.sampled_from(["ADJUST", "REFRESH"]),
        st.sampled_from(["W01", "W10", "S1"]),
        st.integers(0, 20),
        st.lists(st.sampled_from(["not found", "shout", "w0"]), max_size=2),
    ),
    max_size=6,
)  # fmt: skip


@given(ANY_JOBS, st.lists(st.tuples(st.booleans(), st.sampled_from(sorted(CONDITIONS))), max_size=4))
def test_any_filter_is_each_of_its_conditions(jobs, chosen):
    text = " ".join(f"{'!' if is_unwanted else ''}{part}" for is_unwanted, part in chosen)

    plain = [
        each.job_id for each in jobs if all(CONDITIONS[part](each) is not is_unwanted for is_unwanted, part in chosen)
    ]

    assert listed(text, jobs) == plain


@given(st.text(st.sampled_from('ab:!"/\\*?<>5m ,()[]{}|+.msgloctypewaitrun'), max_size=30))
def test_any_text_is_a_filter_or_a_mistake(text):
    with suppress(FilterError):
        listed(text)


@pytest.mark.parametrize(
    "source",
    ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(a?){50}a{50}", "(?:a*)*b", "a*a*a*a*b", "a?" * 25 + "b", "((a)|(aa))+b", "(a{0,9}){0,9}b",
     "(?:.*,){9}x", "[a]*[a]*[a]*b", r"\w*\w*\w*\d", "(?:a|aa)" * 20 + "b", "(a*?)*?b", "(a{1,})+b"],
)  # fmt: skip
def test_a_pattern_that_could_take_long_is_refused(source):
    with pytest.raises(FilterError, match="too long"):
        parse_filter(f"msg:/{source}/")


@given(
    st.recursive(
        st.sampled_from(["a", "b", ".", "[ab]", r"\w"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?"])).map(
                lambda it: f"(?:{it[0]}){it[1]}"
            ),
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map(lambda it: f"({it[0]}|{it[1]})"),
        ),
        max_leaves=9,
    )
)
def test_a_pattern_that_is_accepted_is_fast(source):
    try:
        wanted = parse_filter(f"msg:/{source}z/")
    except FilterError:
        return
    hard = after(job(1, "FAILED", messages=["ab" * 100 + "a" * 200]), job_id=1)

    started_s = time.process_time()
    for _ in wanted.tried([hard]):
        pass

    assert time.process_time() - started_s < 0.5


@pytest.mark.parametrize(
    "source", ["UPC .* not found .* loc", "(?:UPC|EAN) [0-9]+", r"row \d+: .*", "[)(*+]{3}", "a{4}"]
)
def test_usual_patterns_are_accepted(source):
    assert work(source) < 4 * 300**2


@pytest.mark.parametrize(
    ("text", "completion"),
    [
        ("st", ("status:", ("status:",))),
        ("w01 !lo", ("w01 !loc:", ("loc:",))),
        ("wai", ("wait>", ("wait>",))),
        ("status:f", ("status:failed", ("status:failed",))),
        ("status:failed,pen", ("status:failed,pending", ("status:failed,pending",))),
        ("loc:w", ("loc:W", ("loc:W01", "loc:W010", "loc:W12"))),
        ("loc:w01", ("loc:W01", ("loc:W01", "loc:W010"))),
        ("type:", ("type:", ("type:ADJUST", "type:REFRESH"))),
        ("file:inv", ('file:"Inv 0930.csv"', ('file:"Inv 0930.csv"',))),
        ("xyz", ("xyz", ())),
        ("loc:W9", ("loc:W9", ())),
    ],
)
def test_completion_offers_fields_and_values_that_occur(text, completion):
    assert completed(text, lambda: JOBS) == completion
