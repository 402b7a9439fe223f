import asyncio
import fcntl
from datetime import UTC, datetime

import pytest

from tests.support.factories import ScriptedSource, job, stop
from tui.cli.saved_session import TRY_AGAIN_AFTER, SavedSession
from tui.core.clock import ManualClock
from tui.domain.job import Job
from tui.domain.job_source import ApiResult
from tui.domain.selection import Selection
from tui.history.sessions import Kept, Sessions
from tui.monitor.monitor import Monitor

API = "https://t1.sandbox.mozu.com/api"


class Ended:
    async def job(self, job_id):
        return ApiResult(
            Job.from_raw({"status": "SUCCESS", "type": "ADJUST", "locationCode": "W01"}, job_id=job_id), None, None
        )

    def access_ends_at(self):
        return None

    def token_renewed_at(self):
        return None


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "jobdeck"


def watched(memory, clock=None):
    monitor = Monitor(Ended(), clock or ManualClock())
    monitor.subscribe(lambda _: memory.take(monitor.published))
    return monitor


async def test_the_list_is_kept_whenever_it_changes(folder):
    monitor = watched(SavedSession(API))

    monitor.track(3, 1, 2)
    first = Sessions(folder).last(API)
    monitor.untrack(1)

    assert first == (3, 1, 2)
    assert SavedSession(API).last() == (3, 2)


async def test_a_start_without_jobs_does_not_forget_the_last_list(folder):
    Sessions(folder).keep(API, (7,))
    monitor = watched(SavedSession(API))

    monitor.pause(is_paused=False)

    assert Sessions(folder).last(API) == (7,)


async def test_the_demo_keeps_nothing(folder):
    memory = SavedSession(None)

    watched(memory).track(101)

    assert not folder.exists()
    assert memory.last() == ()


async def test_a_home_that_cannot_be_written_stops_nobody(folder):
    folder.write_text("a file where the folder should be", encoding="ascii")
    memory = SavedSession(API)

    watched(memory).track(1)

    line = f"the list is not kept: file exists ({folder}/sessions.json); check the folder and its disk"
    assert memory.summary({}, is_demo=False).endswith("jobdeck 1\n")
    assert not memory.is_list_kept
    assert [memory.notice(), memory.notice()] == [line, None]
    assert memory.last_notices() == (line,)


async def test_a_disk_that_can_be_written_again_is_no_news_at_the_end(folder):
    folder.write_text("a file where the folder should be", encoding="ascii")
    memory = SavedSession(API)
    monitor = watched(memory)
    monitor.track(1)
    folder.unlink()

    for _ in range(TRY_AGAIN_AFTER):
        monitor.pause(is_paused=False)

    assert memory.is_list_kept
    assert memory.last_notices() == ()
    assert Sessions(folder).last(API) == (1,)


async def test_a_list_that_another_program_replaced_is_put_back(folder):
    monitor = watched(SavedSession(API))
    monitor.track(1, 2)
    Sessions(folder).keep(API, (3,))

    monitor.pause(is_paused=False)

    assert Sessions(folder).last(API) == (1, 2, 3)


async def test_what_was_in_the_way_of_the_last_list_is_in_the_way_no_more_at_the_end(folder):
    memory = SavedSession(API)
    monitor = watched(memory)
    monitor.track(1)
    with (folder / "sessions.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        monitor.track(2)
        before = Sessions(folder).last(API)
        memory.keep_at_last()

    assert before == (1,)
    assert Sessions(folder).last(API) == (1, 2)
    assert memory.last_notices() == ()


async def test_a_start_that_watched_nothing_writes_nothing_at_the_end(folder):
    memory = SavedSession(API)
    memory.last()
    watched(memory).pause(is_paused=False)

    memory.keep_at_last()

    assert not folder.exists()


async def test_a_list_that_was_emptied_stays_empty(folder):
    memory = SavedSession(API)
    monitor = watched(memory)
    monitor.track(1)
    monitor.untrack(1)

    memory.keep_at_last()

    assert Sessions(folder).last(API) == ()
    assert memory.is_list_kept


def test_the_demo_does_not_say_that_its_list_is_kept():
    assert not SavedSession(None).is_list_kept


async def test_the_summary_tells_each_job_and_how_to_go_on(folder):
    memory, clock = SavedSession(API), ManualClock()
    monitor = watched(memory, clock)
    monitor.track(101, 102, 103)
    running = asyncio.create_task(monitor.run())

    await clock.advance(2)
    running.cancel()

    lines = memory.summary({}, is_demo=False).splitlines()
    assert lines[0] == "101  SUCCESS  ADJUST  W01"
    assert lines[-1] == "jobdeck 101-103"
    assert memory.summary({}, is_demo=True).endswith("jobdeck --demo\n")


@pytest.mark.parametrize(
    ("options", "command"),
    [
        ({"profile": "live"}, "jobdeck --profile live 1"),
        ({"api_host": "h", "interval": "5", "ascii": "1"}, "jobdeck --api-host h --interval 5 --ascii 1"),
        ({"token_file": "/a b/c", "no_color": "1"}, "jobdeck --token-file '/a b/c' --no-color 1"),
        ({"token_command": "pass show canary"}, "jobdeck --token-command 'pass …' 1"),
    ],
    ids=str,
)
def test_the_summary_goes_on_at_the_same_place(folder, options, command):
    memory = SavedSession(API)
    watched(memory).track(1)

    assert memory.summary(options, is_demo=False).splitlines()[-1] == command


def test_nothing_watched_says_nothing(folder):
    assert SavedSession(API).summary({}, is_demo=False) == ""


async def test_of_a_long_list_only_the_counts_are_told(folder):
    memory = SavedSession(API)

    watched(memory).track(*range(1, 1001))

    assert memory.summary({}, is_demo=False) == "1,000 jobs: 1,000 not read\n\njobdeck 1-1000\n"


# files


FILE = Selection("inv_0930.csv")
PATTERN = Selection("KIBO_*", "W01", datetime(2026, 11, 23, 9, 30, tzinfo=UTC))


async def test_watched_files_come_back_with_the_jobs_and_without_the_removed_ones(folder):
    monitor = watched(SavedSession(API))
    monitor.begin((1, 2), (FILE, PATTERN))
    monitor.untrack(2)

    kept = SavedSession(API).last_kept()

    assert kept == Kept((1,), (FILE, PATTERN), (2,))


async def test_a_file_without_jobs_comes_back(folder):
    watched(SavedSession(API)).track_selection(FILE)

    assert SavedSession(API).last_kept() == Kept((), (FILE,))


async def test_a_file_that_is_not_watched_any_more_does_not_come_back(folder):
    memory = SavedSession(API)
    monitor = watched(memory)
    monitor.begin((1,), (FILE,))
    monitor.untrack_selection(FILE)

    memory.keep_at_last()

    assert SavedSession(API).last_kept() == Kept((1,))


async def test_files_that_a_pattern_names_are_not_kept_beside_it(folder):
    clock, memory = ManualClock(), SavedSession(API)
    source = ScriptedSource(clock)
    source.listed = {1: job(1, "PENDING", originalFilename="KIBO_1.csv")}
    monitor = Monitor(source, clock)
    monitor.subscribe(lambda _: memory.take(monitor.published))
    monitor.track_selection(Selection("KIBO_*"))
    running = asyncio.create_task(monitor.run())
    await clock.advance(5)
    await stop(running)

    assert SavedSession(API).last_kept() == Kept((1,), (Selection("KIBO_*"),))


@pytest.mark.parametrize(
    ("selections", "ending"),
    [
        ((FILE,), ["jobdeck --profile live --file inv_0930.csv 1"]),
        ((PATTERN,), ["jobdeck --profile live --file 'KIBO_*' --location W01 --since 2026-11-23T09:30:00.000Z 1"]),
        ((FILE, PATTERN), ["jobdeck --profile live"]),
    ],
    ids=["file", "pattern", "both"],
)
def test_the_summary_says_which_files_have_no_job_and_resumes_them(folder, selections, ending):
    memory = SavedSession(API)
    watched(memory).begin((1,), selections)

    said = memory.summary({"profile": "live"}, is_demo=False).splitlines()

    assert said[1 : 1 + len(selections)] == [f"no job {each.words} yet" for each in selections]
    assert said[2 + len(selections) :] == ending


def test_the_summary_of_a_file_without_jobs_in_a_list_that_is_not_kept(folder):
    memory = SavedSession(None)
    watched(memory).begin((), (FILE, Selection("b.csv")))

    assert memory.summary({}, is_demo=True) == (
        "no job of inv_0930.csv yet\nno job of b.csv yet\n\njobdeck --demo --file inv_0930.csv\njobdeck --demo --file b.csv\n"
    )


def test_the_summary_of_the_demo_names_its_jobs_beside_a_file(folder):
    memory = SavedSession(None)
    watched(memory).begin((101, 102), (FILE,))

    assert memory.summary({}, is_demo=True).splitlines()[-1] == "jobdeck --demo --file inv_0930.csv 101,102"


def ended_session(memory, scripts):
    """Let the memory see these jobs read once."""
    clock = ManualClock()
    monitor = Monitor(ScriptedSource(clock, scripts), clock)
    monitor.subscribe(lambda _: memory.take(monitor.published))

    async def read():
        monitor.track(*scripts)
        running = asyncio.ensure_future(monitor.run())
        for _ in range(60):
            await clock.advance(3)
        await stop(running)

    return read()


def failed(number, *messages):
    return [job(number, "FAILED", type="REFRESH", locationCode=f"W{number}", messages=list(messages))]


async def test_failed_jobs_are_named_with_their_most_frequent_cause(folder):
    memory = SavedSession(API)
    await ended_session(
        memory, {1: [job(1, "SUCCESS", type="ADJUST")], 2: failed(2, "end", "UPC 1 not found", "UPC 2 not found")}
    )

    assert memory.summary({}, is_demo=False).splitlines()[:2] == [
        "1  SUCCESS  ADJUST",
        "2  FAILED  REFRESH  W2  2x UPC <...> not found  +1 cause",
    ]


async def test_long_list_names_its_counts_and_the_first_failed_jobs(folder):
    memory = SavedSession(API)
    good = {number: [job(number, "SUCCESS")] for number in range(1, 30)}
    await ended_session(memory, {**good, **{number: failed(number, "end") for number in range(101, 123)}})

    lines = memory.summary({}, is_demo=False).splitlines()

    assert lines[:2] == ["51 jobs: 29 SUCCESS, 22 FAILED", "101  FAILED  REFRESH  W101  end"]
    assert lines[20:22] == ["120  FAILED  REFRESH  W120  end", "and 2 more FAILED"]
