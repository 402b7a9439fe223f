"""What the monitor published comes back from its encoded updates: the same states, and the same screens."""

import asyncio
import random
from datetime import timedelta

import pytest

from tests.support.factories import stop
from tests.support.golden_screens import GoldenScreen, screen_text
from tests.support.queue_source import QueueSource, QuickClock
from tui.domain.codec import decode, encode
from tui.domain.commands import Pause, Refresh, RestoreJobs, TrackJobs, TrackSelection, UntrackJobs
from tui.domain.selection import Selection
from tui.monitor.monitor import Monitor
from tui.simulator.demo import demo

JOBS = demo()
FILE = next(job.original_filename for job in JOBS if job.original_filename)
COMMANDS = {
    0: (TrackJobs(tuple(job.job_id for job in JOBS[24:36])),),
    20: (UntrackJobs((JOBS[27].job_id, JOBS[31].job_id)),),
    25: (TrackSelection(Selection(FILE), is_checked=True),),
    30: (RestoreJobs((JOBS[31].job_id,)), Pause(True)),
    35: (Pause(False), Refresh((JOBS[24].job_id,))),
}
"""What the user does, by the second of the demo."""


class Recording:
    """The encoded updates of a demo, and the monitor's own state after each."""

    def __init__(self, monitor):
        self.first = encode(monitor.published)
        self.updates, self.states = [], []
        self._monitor = monitor
        monitor.subscribe(self._take)

    def _take(self, update):
        self.updates.append(encode(update))
        self.states.append(self._monitor.published)

    def replayed(self):
        """Yield the state after each decoded update."""
        snapshot = decode(self.first)
        for text in self.updates:
            snapshot = snapshot.apply(decode(text))
            yield snapshot


@pytest.fixture(scope="module")
def recording():
    async def recorded():
        clock = QuickClock()
        monitor = Monitor(QueueSource(JOBS, clock, takes_s=0.1), clock, roll=random.Random(1).random)
        recording, running = Recording(monitor), asyncio.ensure_future(monitor.run())
        for second in range(90):
            for command in COMMANDS.get(second, ()):
                monitor.execute(decode(encode(command)))
            await clock.advance(1)
        await stop(running)
        return recording

    return asyncio.run(recorded())


def test_updates_lead_to_the_monitors_own_state_at_each_step(recording):
    assert len(recording.updates) > 40
    assert all(replayed == own for replayed, own in zip(recording.replayed(), recording.states, strict=True))


def test_an_update_is_much_smaller_than_the_state(recording):
    longest = max(len(encode(state)) for state in recording.states)

    assert sum(map(len, recording.updates)) / len(recording.updates) < longest / 4


@pytest.mark.parametrize("keys", [("|",), ("j", "3"), ("j", "m", "j", "m", "4")], ids=["list", "detail", "deck"])
async def test_screens_of_a_replay_are_those_of_the_live_states(recording, keys):
    replayed = list(recording.replayed())
    for step in (len(replayed) // 4, len(replayed) // 2, len(replayed) - 1):
        live = recording.states[step]
        screens = [
            await screen_text(
                GoldenScreen(
                    state,
                    keys=keys,
                    size=(120, 40),
                    now=live.answered_at + timedelta(seconds=1),
                    job_ids=live.watchlist.ids,
                )
            )
            for state in (live, replayed[step])
        ]

        assert replayed[step] is not live
        assert screens[1] == screens[0]
