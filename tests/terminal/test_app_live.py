"""What moves on the screen by itself: the statuses of the watched jobs."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.support.pty_app import PATIENCE_S, answer, listed, row, row_of, shows, status_look
from tests.support.tokens import jwt
from tui.simulator.app import create_app

LOOKS = {
    "PENDING": ("·", "PENDING", "default"),
    "WORKING": ("▶", "WORKING", "brightblue"),
    "SUCCESS": ("✔", "SUCCESS", "green"),
    "FAILED": ("✖", "FAILED", "red"),
    "HALTED": ("?", "HALTED", "default"),
}
ASCII_GLYPHS = {"PENDING": ".", "WORKING": ">", "SUCCESS": "+", "FAILED": "x", "HALTED": "?"}


def show(terminal, queue, job_id, status, **fields):
    queue.put(job_id, answer(job_id, status, **fields))
    terminal.wait_for(row(job_id, status), PATIENCE_S)


@pytest.mark.parametrize("job_id", [101, 102], ids=["selected", "other"])
@pytest.mark.parametrize("end", ["SUCCESS", "FAILED"])
def test_status_changes_in_its_row_without_a_key(jobdeck, queue, end, job_id):
    queue.put(101, answer(101))
    queue.put(102, answer(102))
    terminal = jobdeck("101,102", until=row(job_id, "PENDING"))
    seen = []

    for status in ("PENDING", "WORKING", end):
        show(terminal, queue, job_id, status)
        seen.append(status_look(terminal, job_id))

    assert seen == [LOOKS["PENDING"], LOOKS["WORKING"], LOOKS[end]]


def test_a_job_that_fails_goes_to_the_top_and_until_a_key_the_cursor_stays_there(jobdeck, queue):
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck(
        "101-103", until=lambda it: all(row(each, "PENDING").search(it.text) for each in (101, 102, 103))
    )

    show(terminal, queue, 103, "FAILED")

    terminal.wait_for(lambda it: listed(it) == (103, 101, 102), PATIENCE_S)
    terminal.wait_for(shows(103), PATIENCE_S)


def test_row_of_the_selected_job_stays_until_the_cursor_leaves_it(jobdeck, queue):
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck(
        "101-103", until=lambda it: all(row(each, "PENDING").search(it.text) for each in (101, 102, 103))
    )
    terminal.press("j")
    terminal.wait_for(shows(102), PATIENCE_S)

    show(terminal, queue, 102, "FAILED")
    terminal.wait_quiet(1.5)
    before = listed(terminal)
    terminal.press("j")

    terminal.wait_for(lambda it: listed(it) == (102, 101, 103), PATIENCE_S)
    assert before == (101, 102, 103)
    assert shows(103)(terminal)


def test_status_of_the_selected_job_heads_its_detail(jobdeck, queue):
    queue.put(101, answer(101))
    terminal = jobdeck("101", until="━ 101 · PENDING ━")

    queue.put(101, answer(101, "FAILED"))

    terminal.wait_for("━ 101 ✖ FAILED ━", PATIENCE_S)
    assert terminal.colour_of("✖ FAILED ━") == "red"


def test_unknown_status_is_shown_verbatim_and_neutral(jobdeck, queue):
    queue.put(101, answer(101, "HALTED"))

    terminal = jobdeck("101", until=row(101, "HALTED"))

    assert status_look(terminal, 101) == LOOKS["HALTED"]


def test_counts_in_the_top_line_follow(jobdeck, queue):
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck("101-103", until="· 3")

    queue.put(102, answer(102, "WORKING"))
    queue.put(103, answer(103, "FAILED"))

    terminal.wait_for(lambda it: "✖ 1  ▶ 1  · 1" in it.line(0), PATIENCE_S)


def test_run_of_a_working_job_ticks(jobdeck, queue):
    queue.put(101, answer(101, "WORKING"))
    terminal = jobdeck("101", until=row(101, "WORKING"))
    _, before = row_of(terminal, 101)

    terminal.wait_for(lambda it: row_of(it, 101)[1] != before, PATIENCE_S)

    assert row_of(terminal, 101)[1][:33] == before[:33]


def test_selection_stays_on_its_job_when_others_join(jobdeck, queue):
    for job_id in (101, 102, 103, 104):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck("101-103", until=row(103, "PENDING"))
    terminal.press("j")
    terminal.wait_for(shows(102), PATIENCE_S)

    terminal.send(b"a104\r")

    terminal.wait_for(row(104, "PENDING"), PATIENCE_S)
    assert shows(102)(terminal)


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (["--ascii"], {}),
        ([], {"LANG": "C"}),
        ([], {"LANG": None}),
        ([], {"LC_ALL": "C"}),
        ([], {"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    ],
    ids=["option", "LANG", "unset", "LC_ALL", "locale"],
)
def test_glyphs_are_ascii_where_told(jobdeck, queue, arguments, env):
    for place, status in enumerate(ASCII_GLYPHS):
        queue.put(101 + place, answer(101 + place, status))

    terminal = jobdeck(
        "101-105",
        *arguments,
        env=env,
        until=lambda it: all(f"{glyph} {word}" in it.text for word, glyph in ASCII_GLYPHS.items()),
    )

    assert terminal.text.isascii()
    assert terminal.raw.isascii()


@pytest.mark.parametrize("env", [{"LANG": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}], ids=str)
def test_a_locale_of_ascii_shifts_no_column(jobdeck, queue, env):
    """A character that the locale lacks leaves as many question marks as it has cells (tests/README.md, Faults, row 27)."""
    for job_id, code in ((101, "W-01"), (102, "W\u00e901"), (103, "\u5009\u5eab")):
        queue.put(job_id, answer(job_id, locationCode=code))

    terminal = jobdeck(
        "101-103", env=env, until=lambda it: all(row(job_id, "PENDING").search(it.text) for job_id in (101, 102, 103))
    )

    lines = [row_of(terminal, job_id)[1] for job_id in (101, 102, 103)]
    place = lines[0].index("W-01")
    assert terminal.raw.isascii()
    assert [line[place : place + 4] for line in lines] == ["W-01", "W?01", "????"]
    assert len({line[place + 4 :] for line in lines}) == 1


@pytest.mark.long
def test_jobs_of_files_that_a_pattern_names_are_watched_late_ones_too(jobdeck, queue):
    queue.put(101, answer(101, originalFilename="inv_0930.csv"))
    queue.put(102, answer(102, originalFilename="other.csv"))
    terminal = jobdeck("--file", "inv_*", until=row(101, "PENDING"))

    queue.put(103, answer(103, originalFilename="inv_0945.csv"))

    terminal.wait_for(row(103, "PENDING"), PATIENCE_S)
    assert "102" not in terminal.text


@pytest.mark.long
def test_file_without_a_job_is_waited_for(jobdeck, queue):
    terminal = jobdeck("--file", "inv.csv", until="no job of inv.csv yet")

    queue.put(101, answer(101, originalFilename="inv.csv"))

    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)


def test_app_keeps_to_rate_and_interval_and_tells_the_end_of_its_token(start, server, switch, queue, api):
    """At 20 a minute there is no burst: the second job is read 3 s after the first, less what that took to be sent."""
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id, originalFilename=f"{job_id}.csv"))
    token = jwt(datetime.now(UTC) + timedelta(minutes=5, seconds=50))
    switch.app = create_app(queue, faults=api, tokens={token})

    terminal = start(
        server.url, "101,102", "--max-rate", "20/min", interval="600", env={"KIBO_ACCESS_TOKEN": token}, size=(160, 24)
    )
    terminal.wait_for(
        lambda it: row(101, "PENDING").search(it.text) and row(102, "PENDING").search(it.text), PATIENCE_S
    )

    times = [request.at_s for request in tuple(api.log)]
    assert all(later - earlier > 1 for earlier, later in pairwise(times))
    assert "token ends in 5m" in terminal.lines[0]
    assert "every 600 s" in terminal.lines[0]
