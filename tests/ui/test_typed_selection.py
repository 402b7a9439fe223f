from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.paste import extract_ids
from tui.domain.selection import Selection
from tui.ui.typed_selection import Wanted, wanted

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read(text):
    return wanted(text, extract_ids(text))


@pytest.mark.parametrize(
    ("text", "selections"),
    [
        ("inv_0930.csv", [Selection("inv_0930.csv")]),
        ("/data/out/inv_0930.csv", [Selection("inv_0930.csv")]),
        ("KIBO_REFRESH_*", [Selection("KIBO_REFRESH_*")]),
        ("a.csv b.csv", [Selection("a.csv"), Selection("b.csv")]),
        ("a.csv, b.csv;c.csv, a.csv", [Selection("a.csv"), Selection("b.csv"), Selection("c.csv")]),
        ('"store inventory 0930.csv"', [Selection("store inventory 0930.csv")]),
        ("'store inventory 0930.csv' b.csv", [Selection("store inventory 0930.csv"), Selection("b.csv")]),
        ("store inventory 0930.csv", [Selection("store inventory 0930.csv")]),
        ("loc:W01", [Selection(location="W01")]),
        ("inv.csv loc:W01 since:2h", [Selection("inv.csv", "W01", NOW - 2 * HOUR)]),
        ("LOC: W01 since: 2026-11-23T09:30:00Z", [Selection(None, "W01", datetime(2026, 11, 23, 9, 30, tzinfo=UTC))]),
        ("since:2026-11-23", [Selection(since=datetime(2026, 11, 23, tzinfo=UTC))]),
        ("file:upload", [Selection("upload")]),
        ('file:"store inventory" loc:W01', [Selection("store inventory", "W01")]),
        ("file:a.csv b.csv", [Selection("a.csv"), Selection("b.csv")]),
    ],
    ids=str,
)
def test_files_and_filters_are_accepted(text, selections):
    assert list(read(text).selections(NOW)) == selections


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("type:REFRESH", "type: filters the list: press / there; here give a file, loc: or since:"),
        ("inv.csv status:failed", "status: filters the list: press / there; here give a file, loc: or since:"),
        ("KIBO_REFRESH_* newest", "newest works in `jobdeck wait` alone: give the file's name, or since:2h"),
        ("newest", "newest works in `jobdeck wait` alone: give the file's name, or since:2h"),
        ("since:soon", "since:soon is not a time: use 2h, or 2026-11-23T09:30:00Z"),
        ("loc:W01 loc:W02", "loc: is given as W01 and as W02: give one"),
        ("since:1h since:2h", "since: is given twice: give one"),
        ("loc:", "loc: is empty: put its value right after it"),
        ('file:""', "file: is empty: put its value right after it"),
        ("884213 loc:W01", "add ids after files, loc: and since:, not together with them"),
        ("884213, inv.csv", "add ids after files, loc: and since:, not together with them"),
        ("upload loc:W01", "'upload' is no file name: write file:NAME, or quote blanks"),
        ("inv 1.csv inv 2.csv", "'inv' is no file name: write file:NAME, or quote blanks"),
        ("file:" + "x" * 300, "a file name has at most 255 characters"),
        (
            " ".join(f"{number}.csv" for number in range(21)),
            "21 files are too many at once: give at most 20, or a pattern",
        ),
    ],
    ids=lambda text: text[:30],
)
def test_what_cannot_be_watched_is_refused_in_one_sentence(text, problem):
    assert read(text) == Wanted(problem=problem)
    assert read(text).selections(NOW) == ()
    assert len(problem) <= 74, "is cut off in 80 columns"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "884213",
        "884213-884215",
        "job 884213 file KIBO_REFRESH_261129173133_884213.csv",
        "note: job 884213 failed, type: REFRESH, location: W01",
        "jobID: 884213 file: inv.csv",
        "hello world",
        '{"jobID": 884213, "file": "inv.csv"}',
        "https://t1.sandbox.mozu.com/api/queue/884213",
    ],
)
def test_ids_and_other_texts_stay_what_they_are(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("inv.csv", "file inv.csv: enter watches its jobs"),
        ("a.csv b.csv", "2 files a.csv, b.csv: enter watches these jobs"),
        (
            "inv.csv loc:W01 since:2026-11-23T09:30:00Z",
            "file inv.csv, loc W01, since 2026-11-23 09:30Z: enter watches them",
        ),
        (
            "KIBO_REFRESH_261129173133_884213.csv loc:W01 since:2h",
            "file KIBO_REFRES…, loc W01, last 2h: enter watches them",
        ),
        ("since:2h", "last 2h: enter watches them"),
    ],
)
def test_verdict_says_what_enter_watches(text, verdict):
    assert read(text).verdict == verdict
    assert len(verdict) <= 74, "is cut off in 80 columns"


@given(st.text(st.sampled_from("ab1.csv \"':,*/loc\n\u202e\x1b"), max_size=30))
def test_any_text_gets_a_safe_answer(text):
    found = read(text)

    if found is not None:
        assert bool(found.selections(NOW)) is (found.problem is None)
        assert found.verdict.isprintable()
