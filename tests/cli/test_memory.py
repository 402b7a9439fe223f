import asyncio

import pytest

from tui.api.answer import Answer
from tui.api.models import Job
from tui.cli.memory import Memory
from tui.clock import ManualClock
from tui.journal.sessions import Sessions
from tui.monitor.monitor import Monitor

API = "https://t1.sandbox.mozu.com/api"


class Ended:
    async def job(self, job_id):
        return Answer(Job.from_raw({"status": "SUCCESS", "type": "ADJUST", "locationCode": "W01"}, job_id=job_id), None, None)

    def access_ends_at(self):
        return None


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "jobdeck"


def watched(memory, clock=None):
    monitor = Monitor(Ended(), clock or ManualClock())
    monitor.subscribe(memory.take)
    return monitor


async def test_the_list_is_kept_whenever_it_changes(folder):
    monitor = watched(Memory(API))

    monitor.track(3, 1, 2)
    first = Sessions(folder).last(API)
    monitor.untrack(1)

    assert first == (3, 1, 2)
    assert Memory(API).last() == (3, 2)


async def test_a_start_without_jobs_does_not_forget_the_last_list(folder):
    Sessions(folder).keep(API, (7,))
    monitor = watched(Memory(API))

    monitor.pause(is_paused=False)

    assert Sessions(folder).last(API) == (7,)


async def test_the_demo_keeps_nothing(folder):
    memory = Memory(None)

    watched(memory).track(101)

    assert not folder.exists()
    assert memory.last() == ()


async def test_a_home_that_cannot_be_written_stops_nobody(folder):
    folder.write_text("a file where the folder should be", encoding="ascii")
    memory = Memory(API)

    watched(memory).track(1)

    assert memory.farewell({}, is_demo=False).endswith("jobdeck 1\n")


async def test_the_farewell_tells_each_job_and_how_to_go_on(folder):
    memory, clock = Memory(API), ManualClock()
    monitor = watched(memory, clock)
    monitor.track(101, 102, 103)
    running = asyncio.create_task(monitor.run())

    await clock.advance(2)
    running.cancel()

    lines = memory.farewell({}, is_demo=False).splitlines()
    assert lines[0] == "101  SUCCESS  ADJUST  W01"
    assert lines[-1] == "jobdeck 101-103"
    assert memory.farewell({}, is_demo=True).endswith("jobdeck --demo\n")


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
def test_the_farewell_goes_on_at_the_same_place(folder, options, command):
    memory = Memory(API)
    watched(memory).track(1)

    assert memory.farewell(options, is_demo=False).splitlines()[-1] == command


def test_nothing_watched_says_nothing(folder):
    assert Memory(API).farewell({}, is_demo=False) == ""


async def test_of_a_long_list_only_the_counts_are_told(folder):
    memory = Memory(API)

    watched(memory).track(*range(1, 1001))

    assert memory.farewell({}, is_demo=False) == "1,000 jobs: 1,000 not read\n\njobdeck 1-1000\n"
