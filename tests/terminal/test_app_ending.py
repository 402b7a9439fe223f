"""However the app ends: exit code, a sane terminal, and a list that is kept (tests/README.md, Faults, row 24)."""

import signal

import pytest

from tests.support.pty_app import PATIENCE_S, answer, is_in, row

LIMIT_S = 2.0
"""tests/README.md, Faults, row 24; on a busy machine the test may wait a little longer for the news of it."""

ENDS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}


@pytest.fixture
def home(tmp_path):
    return tmp_path


@pytest.fixture
def begin(jobdeck, queue, home):
    def started(*arguments, **kwargs):
        queue.put(101, answer(101))
        queue.put(102, answer(102, "FAILED", messages=["The upload was empty"]))
        return jobdeck(
            *arguments,
            home=home,
            until=lambda it: row(101, "PENDING").search(it.text) and row(102, "FAILED").search(it.text),
            **kwargs,
        )

    return started


@pytest.fixture
def is_kept(begin):
    """Whether a start without ids shows the same jobs."""

    def check():
        again = begin()
        return [int(row_id) for row_id in (101, 102) if row(row_id).search(again.text)] == [101, 102]

    return check


@pytest.mark.parametrize("number", ENDS, ids=lambda number: number.name)
def test_signal_ends_it_in_time_with_everything_put_back(begin, is_kept, number):
    terminal = begin("101,102")

    terminal.signal(number)

    assert terminal.wait_exit(LIMIT_S) == ENDS[number]
    assert terminal.leftovers() == ()
    assert is_kept()


def test_stray_continue_signal_changes_nothing(begin):
    terminal = begin("101,102")
    terminal.wait_quiet(0.3)
    threads, mark = terminal.threads(), terminal.mark()

    for _ in range(5):
        terminal.signal(signal.SIGCONT)
    terminal.wait_quiet(0.3)

    assert terminal.since(mark) == b""
    assert terminal.threads() - threads in {0, 1}  # the one that looks for late jobs begins within a second


@pytest.mark.parametrize(
    "numbers",
    [(signal.SIGTERM, signal.SIGCONT), (signal.SIGCONT, signal.SIGTERM), (signal.SIGTERM,) * 3],
    ids=["TERM+CONT", "CONT+TERM", "3xTERM"],
)
def test_signals_in_a_row_end_it_once(begin, numbers):
    terminal = begin("101,102")

    for number in numbers:
        terminal.signal(number)

    assert terminal.wait_exit(LIMIT_S) == 143
    assert terminal.leftovers() == ()
    assert "jobdeck --interval 0.5 101,102" in terminal.text


def test_timeout_ends_it(begin):
    terminal = begin("101,102", prefix=("timeout", "600"))

    terminal.signal(signal.SIGALRM)  # to `timeout`, for which its time is over now

    assert terminal.wait_exit(LIMIT_S) == 124
    assert terminal.leftovers() == ()
    assert "jobdeck --interval 0.5 101,102" in terminal.text


def test_ctrl_c_ends_it(begin):
    terminal = begin("101,102")

    terminal.press("ctrl+c")

    assert terminal.wait_exit(LIMIT_S) == 130
    assert terminal.leftovers() == ()


def test_signal_at_the_very_start_leaves_a_sane_terminal(start, server, queue):
    queue.put(101, answer(101))
    terminal = start(server.url, "101")
    terminal.wait_for(lambda it: 1049 in it.modes, PATIENCE_S)

    terminal.signal(signal.SIGTERM)

    assert terminal.wait_exit(LIMIT_S) == 143
    assert terminal.leftovers() == ()


def test_q_tells_each_job_and_how_to_go_on(begin):
    terminal = begin("101,102")

    terminal.press("q")

    assert terminal.wait_exit(LIMIT_S) == 0
    assert terminal.leftovers() == ()
    assert terminal.text.split("\n")[:4] == [
        "101  PENDING  REFRESH  W01",
        "102  FAILED  REFRESH  W01  7 items  The upload was empty",
        "",
        "jobdeck --interval 0.5 101,102",
    ]


def test_q_keeps_the_list_as_it_is_now(begin, jobdeck, home):
    terminal = begin("101,102")
    terminal.press("j", "x")
    terminal.wait_for(" 1 job ━", PATIENCE_S)
    terminal.press("q")
    terminal.wait_exit(LIMIT_S)

    again = jobdeck(home=home, until=row(102, "FAILED"))

    assert " 1 job ━" in again.text


def test_list_is_kept_before_anybody_quits(begin, is_kept):
    terminal = begin("101,102")

    terminal.signal(signal.SIGKILL)
    terminal.wait_exit(LIMIT_S)

    assert is_kept()


def test_quitting_does_not_wait_for_an_answer(begin, api):
    terminal = begin("101,102")
    api.delay_s = 8.0
    asked = api.requests
    terminal.wait_for(lambda it: api.requests > asked, PATIENCE_S)

    terminal.press("q")

    assert terminal.wait_exit(LIMIT_S) == 0


def test_summary_is_harmless(jobdeck, queue):
    queue.put(101, answer(101, "FAILED", messages=["a\x1b[2Jb\x9bcz"]))
    terminal = jobdeck("101", until=row(101, "FAILED"))
    mark = terminal.mark()

    terminal.press("q")
    terminal.wait_exit(LIMIT_S)

    assert b"\x1b[2J" not in terminal.since(mark)
    assert r"a\x1b[2Jb\x9bcz" in terminal.text


def test_empty_list_says_nothing_on_leaving(jobdeck):
    terminal = jobdeck(until=is_in("input"))

    terminal.send(b"\x1b")
    terminal.wait_for(is_in("jobs"), PATIENCE_S)
    terminal.press("q")

    assert terminal.wait_exit(LIMIT_S) == 0
    assert terminal.text.strip() == ""


OTHER_SIGNALS = ["SIGQUIT", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU"]


@pytest.mark.parametrize("name", OTHER_SIGNALS)
def test_any_signal_that_ends_it_puts_everything_back(begin, name):
    terminal = begin("101,102")

    terminal.signal(getattr(signal, name))

    assert terminal.wait_exit(LIMIT_S) == 128 + getattr(signal, name)
    assert terminal.leftovers() == ()
    assert "jobdeck --interval 0.5 101,102" in terminal.text


def test_sigusr1_writes_the_state_to_the_log_and_goes_on(begin, home):
    terminal = begin("101,102")

    terminal.signal(signal.SIGUSR1)
    terminal.wait_for("state written; details: ", PATIENCE_S)
    log = (home / "state" / "jobdeck" / "crash.log").read_text()

    assert "jobs: 2 (1 PENDING, 1 FAILED)" in log
    assert "connection: up" in log
    assert "thread jobdeck-monitor" in log
    assert "The upload was empty" not in log
    terminal.press("q")
    assert terminal.wait_exit(LIMIT_S) == 0
    assert terminal.leftovers() == ()


@pytest.mark.parametrize("prefix", [(), ("sh", "-c", "trap '' HUP; \"$@\"", "sh")], ids=["plain", "SIGHUP ignored"])
def test_terminal_that_goes_away_ends_it_as_a_hangup(begin, is_kept, home, prefix):
    terminal = begin("101,102", prefix=prefix)

    terminal.hang_up()

    assert terminal.wait_exit(3 + LIMIT_S) == 129
    assert not (home / "state" / "jobdeck" / "crash.log").exists()
    assert is_kept()
