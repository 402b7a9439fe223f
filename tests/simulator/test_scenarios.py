from datetime import UTC, datetime

import pytest

from tui.analysis.causes import causes
from tui.analysis.late import KnownTimes
from tui.api.response_cache import job_from
from tui.cli.build import DEMO_JOBS
from tui.domain.job_status import JobStatus
from tui.simulator.demo import EARLIER_FILE, LATE_LOCATION, LOCATIONS, NIGHTLY_FILE, STUCK_LOCATION, demo
from tui.simulator.scenarios import fleet, parse_scenario, still

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

    [vanishing] = [job.job_id for job in jobs if job.vanishes_s is not None]

    assert statuses(jobs, 59.9)[vanishing] == "WORKING"
    assert vanishing not in statuses(jobs, 60)


def test_demo_watches_the_jobs_at_its_start_but_those_of_the_earlier_file():
    watched = [job.job_id for job in demo() if job.added_s < 0 and job.original_filename != EARLIER_FILE]

    assert tuple(watched) == DEMO_JOBS


def test_demo_splits_the_nightly_file_over_24_locations():
    parts = [job for job in demo() if job.original_filename == NIGHTLY_FILE]

    assert sorted(job.location for job in parts) == sorted(LOCATIONS)
    assert len(LOCATIONS) == 24
    assert [job.location for job in parts if job.status == "FAILED"] == ["1399", "1707", "2239"]
    assert all(1_500 <= job.items <= 3_000 for job in parts)


@pytest.mark.parametrize("seed", SEEDS)
def test_demo_opens_with_failures_of_three_causes_and_two_late_jobs(seed):
    jobs = [
        job_from(answer, job_id=answer["jobID"]) for job in demo(seed=seed) if (answer := job.at(0, ORIGIN)) is not None
    ]
    parts = [job for job in jobs if job.original_filename == NIGHTLY_FILE]

    messages = [message for job in parts if job.status is JobStatus.FAILED for message in job.messages]
    known = KnownTimes(jobs)

    assert len(causes(messages)) == 3
    assert [job.location_code for job in jobs if known.lateness(job, ORIGIN)] == [LATE_LOCATION, STUCK_LOCATION]


def test_demo_has_a_good_earlier_job_for_each_location_that_fails():
    earlier = [job for job in demo() if job.original_filename == EARLIER_FILE]

    assert [(job.location, job.status) for job in earlier] == [(name, "SUCCESS") for name in ("1399", "1707", "2239")]


def test_a_late_job_of_the_demo_waits_for_ten_minutes():
    [stuck] = [job.job_id for job in demo() if job.start_s == 600]

    assert statuses(demo(), 599)[stuck] == "PENDING"
    assert statuses(demo(), 600)[stuck] == "WORKING"


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
