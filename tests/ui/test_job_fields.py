import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at, job
from tests.support.view_states import (
    ANYTHING,
    ASCII,
    DOWN,
    ENDED,
    LINKS,
    LOOK,
    NAMED,
    NOWHERE,
    OFFLINE,
    SPOILT,
    UP,
    WORKED,
    after,
    later,
)
from tui.api.response_cache import job_from
from tui.core.json_decoding import decode
from tui.domain.job import Job
from tui.ui.rendering.job_fields import BESIDE, overview, title
from tui.ui.rendering.lines import Role, clip, line_width, text_of
from tui.ui.rendering.view_state import Times, ViewOptions

PAYLOADS = Path(__file__).parents[1] / "data"
WIDTHS = [30, 44, 65, 66, 76, 116, 250]
FAILED = job(884213, "FAILED", **NAMED, **ENDED, messages=["UPC 1 not found", "UPC 2 not found"])


def from_file(name):
    return Job.from_raw(decode((PAYLOADS / name).read_bytes()), job_id=884213)


def visible(tracked, width=76, *, link=UP, look=LOOK):
    """What of the overview is in sight in `width` cells."""
    return "\n".join(text_of(clip(line, width)) for line in overview(tracked, link, look, width))


def roles_of(text, tracked, *, link=UP):
    lines = overview(tracked, link, LOOK, 76)
    return {span.role for line in lines for span in line if text in span.text}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_known_field_is_in_sight(width):
    seen = visible(after(FAILED), width)

    for value in (
        "REFRESH",
        "W01",
        "4711",
        "inv_0930.csv",
        "11:56:00",
        "11:57:30",
        "11:59:00",
        "2,998",
        "2,991",
        "UPC ‹…› not found",
    ):
        assert value in seen
    assert "success false" in " ".join(seen.split())
    assert "hasData true" in " ".join(seen.split())


@pytest.mark.parametrize("width", WIDTHS)
def test_wait_run_and_rate_are_in_sight(width):
    seen = " ".join(visible(after(FAILED), width).split())

    assert ("1:30 wait" if width >= BESIDE else "wait 1:30") in seen
    assert ("1:30 run" if width >= BESIDE else "run 1:30") in seen
    assert "33.3 items/s" in seen


def test_unknown_fields_and_values_are_in_sight():
    seen = visible(after(from_file("job_from_tomorrow.json")))

    for value in ("TELEPORT", "priority", '{"level": 3}', "retriedAt", "2026-11-23T09:30:00Z"):
        assert value in seen


def test_each_unreadable_field_is_shown_as_it_came_and_marked():
    tracked = after(from_file("job_of_wrong_types.json"))
    lines = [text_of(line) for line in overview(tracked, UP, LOOK, 76)]

    for name in tracked.job.unread:
        assert any(line.startswith(name) and " unreadable" in line for line in lines), name


@pytest.mark.parametrize("name", sorted(path.name for path in PAYLOADS.glob("job*.json")))
def test_every_sent_field_of_each_payload_is_there(name):
    one = from_file(name)
    flat = "".join(visible(after(one), 250).split())

    for field, value in one.sent.items():
        if value is None or field in {
            "jobID",
            "status",
            "added",
            "started",
            "finished",
            "itemCount",
            "numResults",
            "messages",
        }:
            continue
        assert "".join(one.verbatim(field).split()) in flat, field


@pytest.mark.parametrize("name", sorted(path.name for path in PAYLOADS.glob("job*.json")))
@pytest.mark.parametrize("width", [1, 20, 76])
def test_overview_of_each_payload_can_be_drawn(name, width):
    assert overview(after(from_file(name)), UP, LOOK, width)


@given(
    st.dictionaries(ANYTHING, st.one_of(ANYTHING, st.none(), st.integers(), st.lists(ANYTHING, max_size=2)), max_size=4)
)
def test_overview_of_anything_holds_no_line_break(fields):
    tracked = after(job_from({**fields, "jobID": 1, "status": "WORKING"}, job_id=1))

    assert not any("\n" in text_of(line) for line in overview(tracked, UP, LOOK, 60))


def test_null_of_an_unknown_field_is_null():
    assert "surprise  null" in visible(after(job(surprise=None)))


def test_success_beside_failed_is_explained():
    tracked = after(job(status="FAILED", success=True))

    assert "success is true with FAILED: the status decides" in visible(tracked)


def test_reversal_is_explained():
    assert "was FAILED before" in visible(after("FAILED", "PENDING"))


def test_changes_are_listed_newest_first():
    lines = [text_of(line) for line in overview(after("PENDING", "WORKING", "SUCCESS"), UP, LOOK, 76)]

    assert [line.split()[-3:] for line in lines[-2:]] == [["WORKING", "→", "SUCCESS"], ["PENDING", "→", "WORKING"]]


# trouble


@pytest.mark.parametrize(
    ("tracked", "link", "says"),
    [
        pytest.param(
            after("WORKING", DOWN),
            "up",
            "stale 0:31: last response 2026-11-23 12:00:00Z",
            id="stale",
        ),
        pytest.param(after("WORKING", NOWHERE), "up", "gone: the server no longer knows this job", id="gone"),
        *(pytest.param(after("WORKING"), name, "stale 0:31: last response", id=name) for name in LINKS if name != "up"),
    ],
)
@pytest.mark.parametrize("width", [30, 76])
def test_what_is_outdated_is_said_first(tracked, link, says, width):
    first = overview(tracked, LINKS[link], later(LOOK, 31), width)[0]

    assert text_of(first).startswith(says[:20])
    assert {span.role for span in first} == {Role.WARNING}


@pytest.mark.parametrize(
    ("tracked", "says"),
    [
        pytest.param(after(NOWHERE), "no job 1 here; check the id and the tenant (HTTP 404)", id="not-found"),
        pytest.param(after(DOWN), "connection refused; try again; if it persists, ask who runs", id="unreachable"),
        pytest.param(after("WORKING", SPOILT), "expected one job, got an array", id="spoilt"),
        pytest.param(after(), "loading", id="asking"),
    ],
)
def test_reason_is_said(tracked, says):
    assert says in visible(tracked)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("Success", "ended with the status 'Success', which jobdeck does not know: not a success"),
        (None, "ended without a status: not a success"),
    ],
)
def test_end_with_an_unknown_status_is_said(status, says):
    assert says in visible(after(job(1, status, **ENDED)))
    assert Role.SUCCESS not in {
        span.role for line in overview(after(job(1, status, **ENDED)), UP, LOOK, 76) for span in line
    }


def test_current_job_has_no_warning():
    assert Role.WARNING not in {span.role for line in overview(after(FAILED), UP, LOOK, 76) for span in line}


@pytest.mark.parametrize("reading", [DOWN, NOWHERE], ids=["stale", "gone"])
def test_clock_of_what_cannot_be_read_stands(reading):
    tracked = after(job(status="WORKING", **WORKED), reading)

    now, then = (overview(tracked, UP, look, 76)[1:] for look in (LOOK, later(LOOK, 600)))

    assert now[-6:] == then[-6:]


def test_nothing_ticks_in_an_ended_job():
    tracked = after(FAILED, FAILED)

    assert overview(tracked, OFFLINE, LOOK, 76) == overview(tracked, OFFLINE, later(LOOK, 1000), 76)


# times, glyphs, sizes


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_ages_stand_beside_the_times_when_asked_for(width):
    seen = visible(after(FAILED), width, look=ViewOptions(at(), times=Times.AGE))

    for age in ("4m ago", "2m ago", "1m ago"):
        assert age in re.findall(r"Z  (\w+ ago)(?=\s)", seen)


def test_wait_and_run_share_one_scale():
    lines = [text_of(line) for line in overview(after(FAILED), UP, LOOK, 76, 9)]
    waited, ran = (next(line for line in lines if f" {word} " in line).rstrip() for word in ("wait", "run"))

    assert waited.count("━") == ran.count("━")
    assert ran.index("━") == len(waited)


def test_low_pane_has_no_bars():
    assert "━" not in "".join(text_of(line) for line in overview(after(FAILED), UP, LOOK, 76, 8))


@pytest.mark.parametrize(
    ("started", "finished", "seen"),
    [
        ("2026-11-23T11:57:30Z", "2026-11-23T11:59:00Z", ["2026-11-23 11:56:00Z", "11:57:30Z", "11:59:00Z"]),
        ("2026-11-24T00:01:00Z", "2026-11-24T00:02:00Z", ["2026-11-23 11:56:00Z", "2026-11-24 00:01:00Z", "00:02:00Z"]),
        (None, "2026-11-24T00:02:00Z", ["2026-11-23 11:56:00Z", "-", "2026-11-24 00:02:00Z"]),
    ],
    ids=["one-day", "over-midnight", "never-started"],
)
def test_day_is_written_once(started, finished, seen):
    tracked = after(job(status="FAILED", added="2026-11-23T11:56:00Z", started=started, finished=finished))

    lines = [
        text_of(line)[10:31].rstrip()
        for line in overview(tracked, UP, LOOK, 76)
        if text_of(line).startswith(("added", "start", "finish"))
    ]

    assert [line.strip() for line in lines] == seen
    assert {len(line) for line, shown in zip(lines, seen, strict=True) if shown != "-"} == {20}


@pytest.mark.parametrize("status", ["PENDING", "WORKING", "SUCCESS", "FAILED", "HALTED"])
def test_fields_stand_where_they_stand_in_every_status(status):
    before, now = (overview(after(job(status=each, **NAMED)), UP, LOOK, 76) for each in ("SUCCESS", status))

    assert [[span.text for span in line if span.role is Role.LABEL] for line in now] == [
        [span.text for span in line if span.role is Role.LABEL] for line in before
    ]


def test_rate_has_its_place_where_there_is_none():
    known, unknown = (visible(after(one), 76) for one in (FAILED, job(status="PENDING", **NAMED)))

    places = [
        next(line for line in seen.splitlines() if line.startswith("items")).index("items/s")
        for seen in (known, unknown)
    ]

    assert places[0] == places[1]


def test_wait_and_run_stand_next_to_their_moments():
    seen = visible(after(FAILED), 76)

    assert "11:57:30Z 1:30" in seen
    assert "11:59:00Z 1:30" in seen


def test_overview_is_ascii_where_it_must():
    sent = {
        **NAMED,
        **ENDED,
        "type": "T" * 90,
        "locationCode": "L" * 90,
        "originalFilename": "f" * 90,
        "surprise": "s" * 90,
    }
    messages = ["m" * 90] * 5

    for one in (
        job(status="FAILED", **sent, messages=messages),
        job(status="S" * 90, added="a" * 90, itemCount="i" * 90),
        "PENDING",
    ):
        for width in WIDTHS:
            tracked = after("FAILED", one, DOWN)
            assert all(text_of(line).isascii() for line in overview(tracked, OFFLINE, ASCII, width))
            assert text_of(title(tracked, ASCII)).isascii()


def test_job_without_an_answer_is_ascii_where_it_must():
    assert all(text_of(line).isascii() for line in overview(after(), UP, ASCII, 76))


@pytest.mark.parametrize("height", [0, 9, 14, 20, 60])
def test_taller_view_shows_more_causes_and_counts_the_rest(height):
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    tracked = after(job(status="FAILED", messages=[" ".join(words[:size]) + " failed" for size in range(1, 7)]))

    text = "\n".join(text_of(line) for line in overview(tracked, UP, LOOK, 76, height))

    limit = max(3, height - 14)
    shown = 6 if limit >= 6 else limit - 1
    assert text.count(" failed") == shown
    assert (f"{6 - shown} more causes" in text) is (shown < 6)


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_are_within_the_width(width):
    tracked = after("FAILED", FAILED, DOWN)

    assert max(map(line_width, overview(tracked, UP, LOOK, width))) <= width


@pytest.mark.parametrize(
    ("tracked", "shown"),
    [
        (after(), "1  not read"),
        (after("WORKING"), "1 ▶ WORKING"),
        (after("Odd"), "1 ? Odd"),
        (after(NOWHERE), "1  NOT FOUND"),
    ],
)
def test_title_is_id_and_status(tracked, shown):
    assert " ".join(text_of(title(tracked, LOOK)).split()) == " ".join(shown.split())


@pytest.mark.parametrize(
    ("width", "first"),
    [
        (66, ["type      REFRESH                location  W01", "file      inv_0930.csv           tenant    4711"]),
        (65, ["type      REFRESH", "location  W01"]),
    ],
)
def test_fields_stand_side_by_side_from_sixty_six_cells(width, first):
    lines = overview(after(job(status="FAILED", **NAMED, **ENDED)), UP, LOOK, width)

    assert [text_of(line).rstrip() for line in lines[:2]] == first
