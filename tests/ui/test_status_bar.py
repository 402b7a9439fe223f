import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.factories import job
from tests.support.view_states import (
    ASCII,
    DOWN,
    LINKS,
    LOOK,
    NOWHERE,
    SPOILT,
    UNAUTHORIZED,
    UP,
    WORKED,
    after,
    after_error,
    later,
    snapshot,
)
from tui.domain.selection import Selection
from tui.domain.snapshot import Traffic
from tui.domain.watched_list import WatchedList
from tui.ui.commands import NO_CARDS, hints
from tui.ui.rendering.lines import Role, line_width, text_of
from tui.ui.rendering.status_bar import Place, key_bar, link_warning, top_line
from tui.ui.screens.panes import PANES

WIDTHS = range(40, 251)
FAILING = after_error(DOWN)
SANDBOX = Place("sandbox", "t4711")
LIVE = Place("tp1", "t4711")
MARKED = Place("api.acme.example", "acme t4711", is_marked=True)
STATUSES = ["PENDING"] * 4 + ["WORKING"] + ["SUCCESS"] * 6 + ["FAILED"]
MIXED = tuple(after(job(job_id, status, **WORKED), job_id=job_id) for job_id, status in enumerate(STATUSES, 1))
ENDED = tuple(after(job(job_id, "SUCCESS"), job(job_id, "SUCCESS"), job_id=job_id) for job_id in (1, 2))
LOST = after(*[NOWHERE] * 4, job_id=9)
WAITING = tuple(after("PENDING", job_id=job_id) for job_id in (1, 2))


def line_at(width, *jobs, place=SANDBOX, look=LOOK, **facts):
    return top_line(snapshot(*(jobs or MIXED), **facts), place, look, width)


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
@pytest.mark.parametrize("place", [SANDBOX, LIVE], ids=["sandbox", "production"])
def test_top_line_fits_every_width(link, place):
    for width in WIDTHS:
        assert line_width(line_at(width, place=place, link=link, is_paused=True, interval_s=60.0)) <= width


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
@pytest.mark.parametrize("is_paused", [False, True], ids=["asking", "paused"])
@pytest.mark.parametrize(
    ("place", "words"), [(LIVE, "PRODUCTION TP1"), (MARKED, "PRODUCTION api.acme.example")], ids=["pod", "profile"]
)
def test_production_is_unmistakable_at_every_width(link, is_paused, place, words):
    for width in WIDTHS:
        line = line_at(width, place=place, link=link, is_paused=is_paused, interval_s=60.0)

        assert any(words in span.text and span.role is Role.PRODUCTION for span in line), width


@pytest.mark.parametrize("link", ["offline", "throttled", "refused"])
@pytest.mark.parametrize("place", [SANDBOX, LIVE], ids=["sandbox", "production"])
def test_trouble_with_the_link_is_said_at_every_width(link, place):
    warning = link_warning(snapshot(*MIXED, link=LINKS[link]), LOOK.now)

    for width in WIDTHS:
        assert warning in text_of(line_at(width, place=place, link=LINKS[link])), width


@pytest.mark.parametrize(
    "place", [SANDBOX, Place("stg1", ""), Place("demo", "simulator")], ids=["sandbox", "staging", "demo"]
)
def test_environment_is_there_from_forty_cells_where_nothing_is_wrong(place):
    for width in WIDTHS:
        assert place.environment.upper() in text_of(line_at(width, place=place))


@pytest.mark.parametrize("width", [60, 80, 120, 250])
@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_counts_are_there(width, link):
    assert "✖ 1  ▶ 1  · 4  ✔ 6" in text_of(line_at(width, link=link))


@pytest.mark.parametrize(
    ("environment", "is_production"),
    [
        ("tp1", True),
        ("tp5", True),
        ("TP2", True),
        ("production", True),
        ("sandbox", False),
        ("sb", False),
        ("stg1", False),
        ("demo", False),
    ],
)
def test_live_shops_are_production(environment, is_production):
    place = Place(environment, "t1")

    assert place.is_production is is_production
    assert ("PRODUCTION" in text_of(place.badge)) is is_production


def test_place_of_an_unknown_kind_is_shown_as_it_is_called():
    assert text_of(Place("api.example.com", "").badge).strip() == "api.example.com"


def test_everything_is_in_eighty_cells():
    line = text_of(line_at(80, look=later(LOOK, 2)))

    assert line.split("  ")[:3] == [" SANDBOX", "t4711", "READ-ONLY"]
    assert line.endswith(" 2 s ago  12 req/min ")


def test_unknown_statuses_none_and_jobs_that_are_not_there_are_counted_apart():
    jobs = (
        after("PAUSED"),
        after("HELD", job_id=2),
        after(job_id=3),
        after(NOWHERE, job_id=4),
        after("WORKING", NOWHERE, job_id=5),
    )

    line = text_of(line_at(120, *jobs))

    assert "? 2  1 without status  1 gone  1 not found" in line


def test_job_that_is_gone_counts_as_working_no_more():
    jobs = (*ENDED, after("WORKING", *[NOWHERE] * 4, job_id=3))

    line = text_of(line_at(100, *jobs))

    assert "✔ 2  1 gone" in line
    assert "▶" not in line


@pytest.mark.parametrize(
    ("jobs", "says"),
    [
        pytest.param((LOST,), "1 not found", id="none-was-found"),
        pytest.param((*ENDED, LOST), "all else ended", id="some"),
        pytest.param(ENDED, "all ended", id="all"),
    ],
)
def test_jobs_that_are_not_there_have_not_ended(jobs, says):
    assert text_of(line_at(100, *jobs)).rstrip().endswith(says)


@pytest.mark.parametrize(
    ("jobs", "facts", "says"),
    [
        pytest.param(MIXED, {}, "31 s ago  12 req/min", id="working"),
        pytest.param(WAITING, {}, "live", id="waiting"),
        pytest.param(ENDED, {}, "all ended", id="ended"),
        pytest.param(WAITING, {"is_paused": True}, "PAUSED", id="paused"),
        pytest.param(WAITING, {"interval_s": 5.0}, "every 5 s  live", id="interval"),
        pytest.param((after(),), {"answered": False}, "1 without status", id="nothing-yet"),
    ],
)
def test_freshness(jobs, facts, says):
    assert text_of(line_at(120, *jobs, look=later(LOOK, 31), **facts)).rstrip().endswith(says)


@pytest.mark.parametrize("link", ["offline", "throttled", "refused"])
def test_cut_off_list_is_not_called_live(link):
    for jobs in (MIXED, WAITING):
        line = text_of(line_at(120, *jobs, link=LINKS[link]))

        assert "live" not in line
        assert "s ago" not in line


@pytest.mark.parametrize(
    ("jobs", "link", "says"),
    [
        pytest.param((*WAITING, after("PENDING", DOWN, job_id=3)), FAILING, "1 stale", id="one-read-before"),
        pytest.param((*WAITING, after("PENDING", SPOILT, job_id=3)), UP, "1 stale", id="unusable"),
        pytest.param((*WAITING, after(DOWN, job_id=3)), FAILING, "1 without status", id="none-read-before"),
        pytest.param(
            (*MIXED, after("WORKING", DOWN, job_id=99)), FAILING, "1 stale  31 s ago  12 req/min", id="others-work"
        ),
    ],
)
def test_list_is_not_called_live_while_readings_fail(jobs, link, says):
    line = text_of(line_at(120, *jobs, link=link, look=later(LOOK, 31))).rstrip()

    assert line.endswith(says)


@pytest.mark.parametrize(
    ("jobs", "facts"),
    [
        pytest.param(ENDED, {}, id="ended"),
        pytest.param((after("PENDING", DOWN),), {"link": FAILING}, id="failing"),
        pytest.param(WAITING, {}, id="waiting"),
        pytest.param(MIXED, {"is_paused": True}, id="paused"),
        pytest.param(MIXED, {"link": UNAUTHORIZED}, id="refused"),
    ],
)
def test_nothing_ticks_where_no_job_is_known_to_work(jobs, facts):
    for width in (40, 80, 120):
        assert line_at(width, *jobs, **facts) == line_at(width, *jobs, look=later(LOOK, 3599), **facts)


def test_age_of_the_newest_answer_ticks_while_a_job_works():
    assert line_at(120, *MIXED) != line_at(120, *MIXED, look=later(LOOK, 1))


def test_top_line_of_an_empty_list_is_calm():
    assert text_of(top_line(snapshot(), SANDBOX, LOOK, 80)).split() == ["SANDBOX", "t4711", "READ-ONLY"]


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_top_line_is_ascii_where_it_must(link):
    assert all(text_of(line_at(width, after("Odd"), *MIXED, link=link, look=ASCII)).isascii() for width in WIDTHS)


# bottom line


@pytest.mark.parametrize("part", [*PANES, NO_CARDS])
@pytest.mark.parametrize("width", [0, 3, 20, 59, 80, 250])
def test_key_bar_fits_and_shows_whole_hints(part, width):
    line = key_bar(hints(part), width)

    assert line_width(line) <= width
    assert text_of(line).split() == [
        word for key, title in hints(part)[: len(line) // 2] for word in f"{key} {title}".split()
    ]


def test_most_wanted_keys_of_the_list_are_in_eighty_cells():
    text = text_of(key_bar(hints("jobs"), 80))

    for hint in ("a add", "/ filter", "e next failed", "m pin", "| layout", "y copy", "? help"):
        assert hint in text


@pytest.mark.parametrize("part", ["jobs", "detail", "deck"])
@pytest.mark.parametrize("width", [60, 80])
def test_help_is_among_the_keys_at_usual_widths(part, width):
    assert "? help" in text_of(key_bar(hints(part), width))


def test_next_reading_is_told_where_there_is_room():
    traffic = Traffic(requests_per_min=12, next_at=LOOK.now + timedelta(seconds=3))
    facts = replace(snapshot(*MIXED), traffic=traffic)

    assert "0 s ago  next 3 s  12 req/min" in text_of(top_line(facts, SANDBOX, LOOK, 120))
    assert "0 s ago  12 req/min" in text_of(top_line(facts, SANDBOX, LOOK, 62))


@pytest.mark.parametrize(("jobs", "says"), [(WAITING, "live"), (MIXED[:6], "0 s ago")], ids=["waiting", "working"])
def test_age_is_there_from_forty_cells_where_counts_leave_room(jobs, says):
    for width in WIDTHS:
        assert says in text_of(line_at(width, *jobs))


@pytest.mark.parametrize(
    ("late_s", "text"), [(0, ""), (1.2, "1 s behind"), (9.6, "10 s behind"), (23, "25 s behind"), (81, "80 s behind")]
)
def test_used_up_budget_is_told(late_s, text):
    facts = replace(snapshot(*MIXED), traffic=Traffic(late_s=late_s))

    assert text in text_of(top_line(facts, SANDBOX, LOOK, 80))
    assert bool(text) == ("behind" in text_of(top_line(facts, SANDBOX, LOOK, 80)))


def test_nobody_is_behind_once_all_has_ended():
    facts = replace(snapshot(*ENDED), traffic=Traffic(late_s=60))

    assert "behind" not in text_of(top_line(facts, SANDBOX, LOOK, 80))


@pytest.mark.parametrize(
    ("left_s", "words"),
    [(601, ""), (600, "token ends in 10m"), (59, "token ends in <1m"), (0, "token ended"), (-60, "token ended")],
)
def test_a_token_that_nobody_renews_is_told_of_before_it_ends(left_s, words):
    ends_at = LOOK.now + timedelta(seconds=left_s)

    line = top_line(replace(snapshot(*MIXED), access_ends_at=ends_at), SANDBOX, LOOK, 120)

    assert ("token end" in text_of(line)) is bool(words)
    assert words in text_of(line)


def test_a_refused_token_is_not_said_to_end_too():
    told = replace(snapshot(*MIXED, link=LINKS["refused"]), access_ends_at=LOOK.now)

    assert "token end" not in text_of(top_line(told, SANDBOX, LOOK, 120))


# watched files without jobs

FILE = WatchedList(Selection("inv_0930.csv"), 1)


@pytest.mark.parametrize(
    ("lists", "says"),
    [
        ((FILE,), "no job of inv_0930.csv yet"),
        ((replace(FILE, reading=0),), "looking for jobs of inv_0930.csv"),
        ((FILE, WatchedList(Selection("b.csv"), 1)), "2 files without jobs"),
        ((FILE, WatchedList(Selection(location="W01"), 1)), "2 lists without jobs"),
        ((replace(FILE, has_jobs=True),), "all ended"),
        ((replace(FILE, is_asked_for=False),), "all ended"),
    ],
    ids=["read", "not-read", "two", "location", "has-jobs", "through-a-pattern"],
)
def test_file_without_jobs_is_said_and_nothing_is_called_ended(lists, says):
    text = text_of(line_at(100, *ENDED, lists=lists))

    assert text.rstrip().endswith(says)
    assert says == "all ended" or "ended" not in text


def test_jobs_of_a_list_that_may_be_cut_are_not_all():
    doubtful = replace(FILE, has_jobs=True, checked_reading=1)

    assert text_of(line_at(100, *ENDED, lists=(doubtful,))).rstrip().endswith("all known ended, there may be more")


@pytest.mark.parametrize("width", [60, 80])
def test_file_without_jobs_is_said_where_there_is_little_room(width):
    long = replace(FILE, selection=Selection("KIBO_REFRESH_261129173133_884213.csv"))

    assert re.search("1 file without jobs|no jobs yet", text_of(line_at(width, lists=(long,))))


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (68, " SANDBOX  t4711  READ-ONLY   ✖ 1  ▶ 1  · 4  ✔ 6 2 s ago  12 req/min "),
        (67, " SANDBOX  t4711  ✖ 1  ▶ 1  · 4  ✔ 6            2 s ago  12 req/min "),
        (56, " SANDBOX  t4711  ✖ 1  ▶ 1  · 4  ✔ 6 2 s ago  12 req/min "),
        (55, " SANDBOX  ✖ 1  ▶ 1  · 4  ✔ 6       2 s ago  12 req/min "),
        (49, " SANDBOX  ✖ 1  ▶ 1  · 4  ✔ 6 2 s ago  12 req/min "),
        (48, " SANDBOX  ✖ 1  ▶ 1  · 4  ✔ 6            2 s ago "),
        (37, " SANDBOX  ✖ 1  ▶ 1  · 4  ✔ 6 2 s ago "),
        (36, " SANDBOX  ✖ 1  ▶ 1  · 4  ✔ 6        "),
    ],
)
def test_top_line_leaves_out_the_least_important_where_it_does_not_fit(width, shown):
    line = text_of(line_at(width, look=later(LOOK, 2)))

    assert line == shown


def test_parts_of_the_top_line_have_their_colours():
    jobs = (
        *MIXED,
        after("PAUSED", job_id=20),
        after(job_id=21),
        after("WORKING", NOWHERE, job_id=22),
        after(NOWHERE, job_id=23),
    )
    line = line_at(160, *jobs, place=LIVE, is_paused=True, interval_s=60.0)

    roles = {span.text.strip(): span.role for span in line if span.text.strip()}
    assert roles == roles | {
        "PRODUCTION TP1": Role.PRODUCTION,
        "READ-ONLY": Role.MUTED,
        "· 4": Role.PENDING,
        "▶ 1": Role.WORKING,
        "✔ 6": Role.SUCCESS,
        "✖ 1": Role.FAILED,
        "? 1": Role.UNKNOWN,
        "1 without status": Role.MUTED,
        "1 gone": Role.WARNING,
        "1 not found": Role.MUTED,
        "PAUSED": Role.WARNING,
        "every 60 s": Role.MUTED,
    }
