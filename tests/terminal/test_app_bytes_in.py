"""Whatever bytes the terminal sends: keys work, the rest does nothing (tests/README.md, Faults, rows 31, 34 and 35)."""

import random
import re
import time

import pytest

from tests.support.pty_app import PATIENCE_S, answer, input_of, is_in, is_listed, row, selected

LATE_ANSWERS = {
    "background": b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    "attributes": b"\x1b[?62;1;2;4c",
    "version": b"\x1bP>|XTerm(370)\x1b\\",
    "graphics": b"\x1b_Gi=31;OK\x1b\\",
    "8-bit": b"\x9d11;rgb:ffff/ffff/ffff\x9c\x9b?62;1c",
}
PASTE_S = 1.0


@pytest.fixture
def terminal(jobdeck, queue):
    for job_id in (101, 102, 103, 184213, 884213):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck("101-103", until=lambda it: row(103, "PENDING").search(it.text) is not None)
    terminal.wait_quiet(0.3)
    return terminal


def is_alive(terminal):
    """Press keys until the app has done what they say."""
    terminal.send(b"jj")
    terminal.wait_for(lambda it: selected(it) == 103, PATIENCE_S)
    terminal.send(b"q")
    return terminal.wait_exit(PATIENCE_S) == 0 and terminal.leftovers() == () and "Traceback" not in terminal.text


def is_watched(api, job_id):
    """Whether the job is listed, or was asked for where its row is out of sight."""
    return lambda terminal: is_listed(job_id)(terminal) or api.asked(job_id) > 0


@pytest.mark.parametrize("answer", LATE_ANSWERS.values(), ids=LATE_ANSWERS)
@pytest.mark.parametrize("pause_s", [None, 0.3], ids=["whole", "in two pieces"])
def test_late_answer_of_the_terminal_types_nothing_and_opens_nothing(terminal, answer, pause_s):
    before = terminal.text

    if pause_s is None:
        terminal.send(answer)
    else:
        terminal.send(answer[:7])
        terminal.wait_quiet(pause_s)
        terminal.send(answer[7:])
    terminal.wait_quiet(0.8)

    assert terminal.text == before
    assert is_alive(terminal)


@pytest.mark.parametrize(
    "data", [b"\xfc", b"\xe4\xb8", b"\xea\xf8\xf1", b"\xc3", bytes(range(0x80, 0x100)), b"\x9d", b"\x1b[99999999u"]
)
def test_bytes_that_are_no_utf8_are_ignored(terminal, data):
    terminal.send(data)

    assert is_alive(terminal)


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_leave_a_live_app(terminal, seed):
    chosen = random.Random(seed)
    quits = b"q\x03\x1a\x11\x13\x1c"  # quit, suspend, and what the tty itself takes
    data = bytes(byte for byte in chosen.randbytes(20_000) if byte not in quits)

    for place in range(0, len(data), 500):
        terminal.send(data[place : place + 500])
    terminal.wait_quiet(3.0, 60)
    terminal.send(b"\x03")

    code = terminal.wait_exit(PATIENCE_S)
    assert [log.read_text() for log in terminal.home.rglob("crash.log")] == []
    assert code == 130
    assert terminal.leftovers() == ()


@pytest.mark.parametrize("text", [b"\x1bx", b"\x1b\rx\rq", b"\x03", b"\x1b[200~x", b"\x1b]0;x\x07q", b"\x9bx\x18q\x1a"])
def test_paste_that_holds_controls_presses_no_key(terminal, text):
    terminal.send(b"\x1b[200~" + text + b" 884213\x1b[201~")

    terminal.wait_for(is_in("input"), PATIENCE_S)
    terminal.wait_for("884213", PATIENCE_S)
    assert all(is_listed(job_id)(terminal) for job_id in (101, 102, 103))


@pytest.mark.parametrize("text", [b"\x1b", b"\x1bx", b"x\r", b"a", b"884213 "])
def test_a_megabyte_of_paste_is_cut_and_takes_a_moment(terminal, text):
    before_kib = terminal.rss_kib()

    terminal.send(b"\x1b[200~" + text * (1_000_000 // len(text)) + b"\x1b[201~")
    begin_s = time.monotonic()
    terminal.wait_for(re.compile("the paste was cut"), PATIENCE_S)
    took_s = time.monotonic() - begin_s

    terminal.press("esc")
    terminal.wait_for(is_in("jobs"), PATIENCE_S)
    assert took_s < PASTE_S
    assert terminal.rss_kib() - before_kib < 60_000
    assert all(is_listed(job_id)(terminal) for job_id in (101, 102, 103))


def test_paste_without_an_end_gives_the_keyboard_back(terminal):
    terminal.send(b"\x1b[200~884213")
    terminal.wait_for(lambda it: input_of(it) == "884213", PATIENCE_S)

    terminal.send(b"\r")
    terminal.wait_for(is_listed(884213), PATIENCE_S)


@pytest.mark.parametrize("job_id", [884213, 184213])
@pytest.mark.parametrize("pause_s", [None, 0.0, 0.15, 0.8], ids=["one write", "0 ms", "150 ms", "800 ms"])
def test_id_typed_in_the_list_reaches_the_input_whole(terminal, api, job_id, pause_s):
    keys = f"{job_id}\r".encode()

    for place in range(len(keys)):
        terminal.send(keys[place : place + 1] if pause_s is not None else keys * (place == 0))
        terminal.wait_quiet(pause_s or 0.0)

    terminal.wait_for(is_watched(api, job_id), PATIENCE_S)
    assert not is_watched(api, 3)(terminal)
    assert not is_watched(api, 84213)(terminal)


@pytest.mark.parametrize(
    "keys", [b"3j", b"m4j", b"?", b"/x\r", b"f"], ids=["detail", "deck", "help", "filter", "full screen"]
)
def test_id_typed_anywhere_reaches_the_input_whole(terminal, api, keys):
    terminal.send(keys + b"184213\r")

    terminal.wait_for(is_watched(api, 184213), PATIENCE_S)
    assert not is_watched(api, 84213)(terminal)


@pytest.mark.parametrize("size", [(50, 20), (80, 10), (30, 5)])
def test_id_typed_on_a_small_screen_reaches_the_input_whole(terminal, api, size):
    terminal.resize(*size)
    terminal.wait_quiet(0.3)

    terminal.send(b"184213\r")

    terminal.wait_for(is_watched(api, 184213), PATIENCE_S)
    assert not is_watched(api, 84213)(terminal)


def test_digits_in_the_filter_are_text_of_the_filter(terminal):
    terminal.send(b"/103")

    terminal.wait_for(lambda it: not is_listed(101)(it), PATIENCE_S)
    assert is_listed(103)(terminal)
    assert "/103" in terminal.line(23).replace(" ", "")


def test_digits_come_behind_what_is_typed_already(terminal):
    terminal.send(b"a103\x1b")
    terminal.wait_for(is_in("jobs"), PATIENCE_S)

    terminal.send(b"884213")

    terminal.wait_for(lambda it: input_of(it) == "103,884213", PATIENCE_S)


def test_escape_and_an_id_at_once_are_both_obeyed(terminal):
    terminal.send(b"?\x1b884213\r")

    terminal.wait_for(is_listed(884213), PATIENCE_S)


def test_paste_without_brackets_reaches_the_input(terminal):
    ids = ",".join(map(str, range(884213, 894213)))

    terminal.send(ids.encode())

    terminal.wait_for("10,000 jobs: enter adds", PATIENCE_S)


@pytest.mark.parametrize(
    "keys", [b"\x1b[200~884213\x1b[201~\r", b"?\x1b[200~884213\x1b[201~\r", b"4\x1b[200~884213\x1b[201~\r"]
)
def test_enter_right_behind_a_paste_adds_it(terminal, api, keys):
    terminal.send(keys)

    terminal.wait_for(is_watched(api, 884213), PATIENCE_S)
