from datetime import UTC, datetime

import pytest

from tui.simulator.scenarios import demo, fleet, parse_scenario, still

ORIGIN = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SEEDS = range(20)
TERMINAL = {"SUCCESS", "FAILED"}


def statuses(jobs, now_s):
    answers = [job.at(now_s, ORIGIN) for job in jobs]
    return {answer["jobID"]: answer["status"] for answer in answers if answer is not None}


def moments(jobs):
    """Moments at which a person sees something; a job's end goes unseen once it vanished."""
    lives = [(job.added_s, job.start_s, job.end_s if job.vanishes_s is None else job.vanishes_s) for job in jobs]
    return sorted({moment for life in lives for moment in life})


@pytest.mark.parametrize(
    "build", [lambda seed: demo(seed=seed), lambda seed: fleet(150, seed=seed), lambda seed: still(150, seed=seed)]
)
def test_same_seed_gives_the_same_jobs(build):
    assert build(3) == build(3)
    assert build(3) != build(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_demo_shows_two_changes_within_ten_seconds(seed):
    jobs = demo(seed=seed)

    first, last = statuses(jobs, 0), statuses(jobs, 10)

    assert sum(last[job_id] != status for job_id, status in first.items()) >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_demo_has_mostly_ended_after_ninety_seconds(seed):
    shown = statuses(demo(seed=seed), 90)

    assert sum(status in TERMINAL for status in shown.values()) >= 0.75 * len(shown)


@pytest.mark.parametrize("seed", SEEDS)
def test_demo_never_rests_nor_works_on_more_than_three_jobs(seed):
    jobs = demo(seed=seed)

    working = [list(statuses(jobs, now_s).values()).count("WORKING") for now_s in range(91)]

    assert min(working) >= 1
    assert max(working) <= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_demo_changes_at_least_every_eight_seconds(seed):
    seen = [moment for moment in moments(demo(seed=seed)) if 0 <= moment <= 90]

    assert max(later - earlier for earlier, later in zip([0, *seen], [*seen, 90], strict=True)) < 8


@pytest.mark.parametrize("seed", SEEDS)
def test_demo_job_vanishes_while_it_works(seed):
    jobs = demo(seed=seed)

    assert statuses(jobs, 59.9)[115] == "WORKING"
    assert 115 not in statuses(jobs, 60)


def test_demo_starts_with_sixteen_jobs_and_adds_five():
    jobs = demo()

    assert list(statuses(jobs, 0)) == list(range(101, 117))
    assert list(statuses(jobs, 70)) == [job_id for job_id in range(101, 122) if job_id != 115]


def test_demo_splits_one_file_over_eight_locations():
    parts = [job for job in demo() if job.original_filename == "inv_0930.csv"]

    assert [job.location for job in parts] == [f"W{number:02d}" for number in range(1, 9)]
    assert sum(job.status == "FAILED" for job in parts) == 2
    assert all(1_500 <= job.items <= 3_000 for job in parts)


def test_demo_has_a_failure_with_many_messages():
    assert any(job.end_s < -3_600 and len(job.messages) > 40 for job in demo())


def test_demo_job_waits_for_ten_minutes():
    assert statuses(demo(), 599)[114] == "PENDING"
    assert statuses(demo(), 600)[114] == "WORKING"


def test_fleet_is_cut_into_files_of_a_hundred_jobs():
    jobs = fleet(250)

    assert [job.job_id for job in jobs] == list(range(1, 251))
    assert {job.original_filename for job in jobs[100:200]} == {"fleet_002.csv"}
    assert len({job.location for job in jobs[100:200]}) == 100


def test_fleet_waits_at_the_start_and_has_ended_after_two_minutes():
    jobs = fleet(300)

    assert set(statuses(jobs, -0.5).values()) == {"PENDING"}
    assert set(statuses(jobs, 120).values()) == TERMINAL


def test_still_never_changes():
    jobs = still(1_000)

    assert [job.at(0, ORIGIN) for job in jobs] == [job.at(1e6, ORIGIN) for job in jobs]
    assert set(statuses(jobs, 0).values()) == TERMINAL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("demo", demo(seed=5), id="demo"),
        pytest.param(" fleet:12 ", fleet(12, seed=5), id="fleet"),
        pytest.param("still:3", still(3, seed=5), id="still"),
    ],
)
def test_scenario_is_read_from_text(text, expected):
    assert parse_scenario(text, seed=5) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "scenario '' is unknown; use demo, fleet:COUNT", id="empty"),
        pytest.param("party", "scenario 'party' is unknown", id="unknown"),
        pytest.param("demo:5", "scenario 'demo:5': demo takes no count", id="needless count"),
        pytest.param("fleet", "scenario 'fleet' needs a count from 1 to 100000, for example fleet:500", id="no count"),
        pytest.param("still:", "needs a count", id="empty count"),
        pytest.param("still:0", "needs a count", id="none"),
        pytest.param("still:-3", "needs a count", id="negative"),
        pytest.param("fleet:100001", "needs a count", id="too many"),
        pytest.param("fleet:many", "needs a count", id="not a number"),
    ],
)
def test_wrong_scenario_says_what_is_wrong(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_scenario(text)
