"""Every key of the app does what the help says of it."""

import re

import pytest

from tests.support.pty_app import PATIENCE_S, answer, go_to, is_in, is_listed, is_on, row, row_of, selected, shows

PAUSE_LONG_ENOUGH_S = 1.6
"""Three readings at an interval of 0.5 s would fall into it."""


@pytest.fixture
def thirty(jobdeck, queue):
    """Thirty jobs; the keys are tried before all of them have answered."""
    for job_id in range(101, 131):
        queue.put(job_id, answer(job_id))
    return jobdeck("101-130", until=lambda it: shows(101)(it) and is_in("jobs")(it))


@pytest.fixture
def three(jobdeck, queue):
    """Three jobs, attention first: 102, 103, 101."""
    queue.put(101, answer(101, locationCode="W07"))
    queue.put(102, answer(102, "FAILED", messages=["UPC 4711 not found", "and more"]))
    queue.put(103, answer(103, "FAILED", messages=["The upload was empty"]))
    return jobdeck(
        "101-103", until=lambda it: all(row(job_id).search(it.text) for job_id in (101, 102, 103)) and shows(102)(it)
    )


@pytest.mark.parametrize(
    "walk",
    [
        [("j", 102), ("j", 103), ("k", 102), ("k", 101), ("k", 101), ("down", 102), ("up", 101)],
        [("G", 130), ("j", 130), ("g", 101), ("end", 130), ("home", 101)],
        [("ctrl+d", None), ("ctrl+d", None), ("ctrl+u", None), ("pgdn", None), ("pgup", None)],
    ],
    ids=["by one", "to the ends", "by pages"],
)
def test_keys_move_the_cursor(thirty, walk):
    for key, job_id in walk:
        before = selected(thirty)
        thirty.press(key)

        thirty.wait_for(
            lambda it, before=before, job_id=job_id: selected(it) == job_id if job_id else selected(it) != before,
            PATIENCE_S,
        )
        thirty.wait_for(lambda it: is_listed(selected(it))(it), PATIENCE_S)


def test_tab_walks_through_the_parts_in_sight_and_shift_tab_backwards(three):
    for key, part in [
        ("tab", "detail"),
        ("tab", "input"),
        ("tab", "jobs"),
        ("shift+tab", "input"),
        ("shift+tab", "detail"),
    ]:
        three.press(key)
        three.wait_for(is_in(part), PATIENCE_S)


def test_numbers_go_to_a_part(three):
    for part in ("detail", "deck", "jobs", "input"):
        go_to(three, part)


def test_brackets_turn_the_tabs_in_a_circle(three):
    names = ("Messages", "Times", "Fields", "History", "Raw", "Why")
    for key, tab in [*(("]", name) for name in names), ("[", "Raw"), ("[", "History")]:
        three.press(key)
        three.wait_for(is_on(tab), PATIENCE_S)


def test_enter_opens_the_job_and_esc_comes_back(three):
    three.press("j", "enter")
    three.wait_for(lambda it: is_in("detail")(it) and shows(103)(it), PATIENCE_S)

    three.press("esc")

    three.wait_for(is_in("jobs"), PATIENCE_S)


def test_filter_narrows_the_list_as_it_is_typed(three):
    three.press("/")
    three.type("w07")

    three.wait_for("1 of 3 jobs", PATIENCE_S)
    assert is_listed(101)(three)
    assert not is_listed(102)(three)


def test_filter_stays_after_enter_until_esc(three):
    three.press("/")
    three.type("4711")
    three.press("enter")
    three.wait_for(lambda it: is_in("jobs")(it) and shows(102)(it) and "1 of 3 jobs" in it.text, PATIENCE_S)

    three.press("esc")

    three.wait_for(" 3 jobs ━", PATIENCE_S)
    three.wait_for(is_listed(103), PATIENCE_S)


def test_filter_that_matches_nothing_says_so(three):
    three.press("/")
    three.type("zzz")

    three.wait_for("no job matches 'zzz'", PATIENCE_S)


def test_esc_gives_up_a_filter(three):
    three.press("/")
    three.type("w07")
    three.wait_for("1 of 3 jobs", PATIENCE_S)

    three.press("esc")

    three.wait_for(" 3 jobs ━", PATIENCE_S)


def test_search_in_messages_goes_from_match_to_match(jobdeck, queue):
    texts = [f"needle {number}" if number in {20, 50} else f"hay {number}" for number in range(80)]
    queue.put(101, answer(101, "FAILED", messages=texts))
    terminal = jobdeck("101", until=row(101, "FAILED"))
    go_to(terminal, "detail")
    terminal.press("/")
    terminal.type("needle")
    terminal.wait_for("needle 20", PATIENCE_S)
    terminal.press("enter")
    terminal.wait_for(is_in("detail"), PATIENCE_S)

    for key, match in [("n", "needle 50"), ("N", "needle 20"), ("n", "needle 50"), ("n", "needle 20")]:
        terminal.press(key)
        terminal.wait_for(match, PATIENCE_S)

    assert terminal.cell(*terminal.find("needle 20")).reverse


def test_e_goes_to_failed_jobs_and_their_causes(three):
    three.press("G")
    for key, job_id, message in [
        ("e", 102, "UPC 4711"),
        ("e", 103, "The upload"),
        ("e", 102, "UPC 4711"),
        ("E", 103, "The upload"),
    ]:
        three.press(key)
        three.wait_for(shows(job_id), PATIENCE_S)
        three.wait_for(re.compile(rf"^ 1× +{message}", re.MULTILINE), PATIENCE_S)


def test_e_says_when_nothing_has_failed(thirty):
    thirty.press("e")

    thirty.wait_for("no failed job in the list", PATIENCE_S)


def test_bar_walks_through_the_layouts(three):
    before = three.text

    three.press("|")
    three.wait_for(lambda it: selected(it) is None and "No pinned jobs" not in it.text, PATIENCE_S)
    three.press("|")
    three.wait_for("No pinned jobs", PATIENCE_S)
    three.press("|")

    three.wait_for(lambda it: it.text.splitlines()[1:] == before.splitlines()[1:], PATIENCE_S)


@pytest.mark.parametrize("back", ["f", "esc"])
def test_f_gives_the_list_the_screen_without_a_frame_and_back(three, back):
    before = three.text

    three.press("f")
    three.wait_for(lambda it: it.line(0).lstrip().startswith("STATUS"), PATIENCE_S)
    three.press(back)

    three.wait_for(lambda it: it.text.splitlines()[1:] == before.splitlines()[1:], PATIENCE_S)


def test_p_stops_all_requests_and_says_so(three, queue, api):
    three.press("p")
    three.wait_for(lambda it: "PAUSED" in it.line(0), PATIENCE_S)
    three.wait_quiet(0.3)
    asked = api.requests
    queue.put(101, answer(101, "WORKING"))

    three.wait_for("stale 0:03", PATIENCE_S)

    assert api.requests == asked
    assert row(101, "PENDING").search(three.text)


def test_p_again_goes_on(three, queue):
    three.press("p")
    three.wait_for(lambda it: "PAUSED" in it.line(0), PATIENCE_S)
    queue.put(101, answer(101, "WORKING"))

    three.press("p")

    three.wait_for(row(101, "WORKING"), PATIENCE_S)
    assert "PAUSED" not in three.line(0)


@pytest.fixture
def rare(jobdeck, queue):
    """Two jobs that are asked once a minute."""
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id))
    return jobdeck(
        "101,102",
        interval="60",
        until=lambda it: row(101, "PENDING").search(it.text) and row(102, "PENDING").search(it.text),
    )


def test_r_asks_for_this_job_now(rare, queue, api):
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id, "WORKING"))

    rare.press("j", "r")

    rare.wait_for(row(102, "WORKING"), PATIENCE_S)
    assert api.asked(101) == 1


def test_shift_r_asks_for_all_jobs_now(rare, queue):
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id, "WORKING"))

    rare.press("R")

    rare.wait_for(row(101, "WORKING"), PATIENCE_S)
    rare.wait_for(row(102, "WORKING"), PATIENCE_S)


def test_leaning_on_r_is_harmless(rare, api):
    rare.send(b"r" * 300 + b"t")
    rare.wait_for("times in local time", PATIENCE_S)
    rare.wait_quiet(0.5)

    assert api.asked(101) <= 5


def test_plus_and_minus_step_the_interval(jobdeck, queue):
    queue.put(101, answer(101))
    terminal = jobdeck("101", interval="2", until="every 2 s")

    for key, words in [("+", "every 5 s"), ("-", "every 2 s"), ("-", "every 1 s")]:
        terminal.press(key)
        terminal.wait_for(lambda it, words=words: words in it.line(0), PATIENCE_S)
        terminal.wait_for(f"each job {words}", PATIENCE_S)


def test_t_writes_times_as_utc_local_and_age(jobdeck, queue):
    queue.put(101, answer(101))
    terminal = jobdeck("101", env={"TZ": "Asia/Tokyo"}, until="2026-01-02 03:04:05Z")

    terminal.press("t")
    terminal.wait_for("2026-01-02 12:04:05+0900", PATIENCE_S)
    terminal.press("t")
    terminal.wait_for(re.compile(r"2026-01-02 03:04:05Z  \d+d ago"), PATIENCE_S)
    terminal.press("t")

    terminal.wait_for("times in UTC", PATIENCE_S)
    terminal.wait_for(re.compile(r"03:04:05Z *$", re.MULTILINE), PATIENCE_S)


def test_w_wraps_long_lines_or_lets_them_run_on(jobdeck, queue):
    queue.put(101, answer(101, "FAILED", messages=["word " * 20 + "tail"]))
    terminal = jobdeck("101", until=row(101, "FAILED"))
    terminal.press("]")
    terminal.wait_for("tail", PATIENCE_S)

    terminal.press("w")
    terminal.wait_for(lambda it: "tail" not in it.text, PATIENCE_S)
    terminal.press("w")

    terminal.wait_for("tail", PATIENCE_S)


def test_x_takes_a_job_off_and_u_puts_it_back(three):
    three.press("j", "x")
    three.wait_for(lambda it: " 2 jobs ━" in it.text and not is_listed(103)(it), PATIENCE_S)
    three.wait_for(shows(101), PATIENCE_S)

    three.press("u")

    three.wait_for(row(103, "FAILED"), PATIENCE_S)


def test_job_taken_off_is_asked_no_more(three, api):
    three.press("G", "x")
    three.wait_for(" 2 jobs ━", PATIENCE_S)
    three.wait_quiet(0.3)
    asked = api.asked(101)

    three.wait_quiet(PAUSE_LONG_ENOUGH_S)

    assert api.asked(101) == asked


@pytest.mark.parametrize("key", [":", "ctrl+p"])
def test_palette_carries_out_actions_by_name(three, key):
    three.press(key)
    three.type("pause or\r")

    three.wait_for(lambda it: "PAUSED" in it.line(0), PATIENCE_S)


@pytest.mark.parametrize("key", ["?", "f1"])
def test_help_lists_the_keys_and_closes(three, key):
    three.press(key)
    three.wait_for("in this pane: jobs", PATIENCE_S)
    three.press("G")

    three.press("esc")

    three.wait_for(lambda it: "in this pane" not in it.text and is_listed(101)(it), PATIENCE_S)


def test_help_reaches_its_last_line(three):
    three.press("?")
    three.wait_for("in this pane: jobs", PATIENCE_S)

    three.press(*["j"] * 60)

    three.wait_for("quit; the list is kept", PATIENCE_S)


def test_q_quits_at_once(three):
    three.press("q")

    assert three.wait_exit(PATIENCE_S) == 0
    assert three.leftovers() == ()


def test_wheel_scrolls_and_click_selects(thirty):
    thirty.wait_for(row(103, "PENDING"), PATIENCE_S)

    thirty.click(20, row_of(thirty, 103)[0])

    thirty.wait_for(shows(103), PATIENCE_S)
    thirty.scroll(20, 8)
    thirty.wait_for(lambda it: not is_listed(101)(it), PATIENCE_S)
