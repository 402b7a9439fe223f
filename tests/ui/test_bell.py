from tests.support.app_harness import desk
from tests.support.factories import at, job
from tui.domain.errors import JobNotFound
from tui.domain.tracked_job import MISSES_UNTIL_LOST, Missing, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.history.views import RememberedView
from tui.ui.screens.bell import Bell


def rung_desk(scripts, **options):
    return desk(scripts, size=(100, 30), **options)


def count_bells(it):
    """Count the bells of the app from now on."""
    rung = []
    it.app.bell = lambda: rung.append(True)
    return rung


async def test_bell_rings_once_when_the_job_has_ended():
    async with rung_desk({1: ["PENDING"], 2: ["PENDING"]}) as it:
        await it.until(it.has_answers)
        rung = count_bells(it)
        await it.press("b")
        message = it.lines[-1]
        await it.answered(2, "FAILED")
        before = len(rung)
        await it.answered(1, "FAILED")
        await it.until(lambda: "1 ended, 1 failed" in it.lines[-1])
        await it.until(lambda: it.screen.scene.watchlist.is_final)

        assert "the bell rings when 1 has ended" in message
        assert (before, len(rung)) == (0, 1)


async def test_bell_waits_for_all_jobs_of_a_group():
    scripts = {number: [job(number, "PENDING", originalFilename="a.csv")] for number in (1, 2)}
    async with rung_desk(scripts, view=RememberedView()) as it:
        await it.until(lambda: len(it.jobs.rows) == 3)
        rung = count_bells(it)
        await it.press("h", "b")
        message = it.lines[-1]
        await it.answered(1, job(1, "SUCCESS", originalFilename="a.csv"))
        before = len(rung)
        await it.answered(2, job(2, "SUCCESS", originalFilename="a.csv"))
        await it.until(lambda: "2 jobs ended" in it.lines[-1])

        assert "the bell rings when 2 jobs have ended" in message
        assert (before, len(rung)) == (0, 1)


async def test_second_key_takes_the_bell_back():
    async with rung_desk({1: ["PENDING"]}) as it:
        await it.until(it.has_answers)
        rung = count_bells(it)
        await it.press("b", "b")
        message = it.lines[-1]
        await it.answered(1, "SUCCESS")
        await it.until(lambda: it.screen.scene.watchlist.is_final)

        assert "no bell for 1" in message
        assert rung == []


async def test_bell_for_a_job_that_has_ended_says_so():
    async with rung_desk({1: ["SUCCESS"]}) as it:
        await it.until(it.has_answers)
        await it.press("b")

        assert "1 has ended already" in it.lines[-1]


def test_job_that_does_not_exist_counts_as_ended_once_that_is_sure():
    rung, said = [], []
    bell = Bell(lambda: rung.append(True), said.append)
    missing = TrackedJob(1)
    bell.toggle([1], Watchlist().with_jobs([missing]))
    rings = []
    for second in range(MISSES_UNTIL_LOST):
        missing = missing.apply_reading(Missing(JobNotFound("no job 1", http_status=404).record, at(second)))
        bell.look(Watchlist().with_jobs([missing]))
        rings.append(len(rung))

    assert rings == [0] * (MISSES_UNTIL_LOST - 1) + [1]
    assert said == ["the bell rings when 1 has ended", "1 ended"]
