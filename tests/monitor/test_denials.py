import pytest

from tui.domain.errors import Doubt
from tui.monitor.denials import BELIEVED_S, Denials

GONE, DOUBTED, OUTAGE = None, Doubt.DOUBTED, Doubt.OUTAGE


class Log:
    """Plays what the API says of jobs, and keeps what each denial meant."""

    def __init__(self, *, has_others=True):
        self.denials, self.has_others = Denials(), has_others
        self.gone = set()
        self.beliefs = []

    def deny(self, job_id, now_s):
        belief = self.denials.doubt_after(job_id, now_s, is_gone=job_id in self.gone, has_others=self.has_others)
        self.gone = self.gone | {job_id} if belief is GONE else self.gone - {job_id}
        self.beliefs.append(belief)

    def describe(self, *job_ids, now_s):
        self.denials.described(job_ids, now_s)
        self.gone -= set(job_ids)


@pytest.fixture
def log():
    return Log()


def test_a_job_without_others_is_gone_at_once():
    log = Log(has_others=False)

    log.deny(1, 0.0)

    assert log.beliefs == [GONE]


def test_a_job_is_gone_when_it_is_denied_again_after_another_one_was_described(log):
    log.deny(1, 0.0)
    log.deny(1, 4.0)
    log.describe(2, now_s=5.0)
    log.deny(1, 9.0)
    log.deny(1, 20.0)

    assert log.beliefs == [DOUBTED, DOUBTED, GONE, GONE]


def test_a_description_from_before_proves_nothing(log):
    log.describe(2, now_s=0.0)
    log.deny(1, 1.0)

    assert log.beliefs == [DOUBTED]


def test_two_jobs_denied_without_a_description_between_are_an_outage(log):
    log.deny(1, 0.0)
    log.deny(2, 1.0)
    log.deny(1, 2.0)

    assert log.beliefs == [DOUBTED, OUTAGE, OUTAGE]


def test_two_jobs_of_many_are_gone_once_a_third_was_described(log):
    log.deny(1, 0.0)
    log.deny(2, 1.0)
    log.describe(3, now_s=2.0)
    log.deny(1, 3.0)
    log.deny(2, 4.0)
    log.deny(1, 8.0)
    log.deny(2, 9.0)

    assert log.beliefs == [DOUBTED, OUTAGE, GONE, GONE, GONE, GONE]


def test_a_job_believed_gone_as_an_outage_began_is_doubted_again(log):
    log.deny(1, 0.0)
    log.describe(2, now_s=0.1)  # left before the outage
    log.deny(1, 5.0)
    log.deny(2, 6.0)
    log.deny(3, 7.0)
    log.deny(1, 8.0)

    assert log.beliefs == [DOUBTED, GONE, DOUBTED, OUTAGE, OUTAGE]


def test_an_outage_is_over_with_the_first_description(log):
    log.deny(1, 0.0)
    log.deny(2, 1.0)
    log.describe(1, now_s=50.0)
    log.deny(1, 60.0)

    assert log.beliefs == [DOUBTED, OUTAGE, DOUBTED]


def test_nothing_but_denials_for_long_enough_are_believed_of_all_jobs(log):
    log.deny(1, 0.0)
    log.deny(2, BELIEVED_S - 1)
    log.deny(1, BELIEVED_S)
    log.deny(3, BELIEVED_S + 1)

    assert log.beliefs == [DOUBTED, OUTAGE, GONE, GONE]


def test_a_server_that_fails_between_denials_starts_their_time_again(log):
    log.deny(1, 0.0)
    log.deny(2, 1.0)
    log.denials.interrupted()
    log.deny(1, BELIEVED_S)

    assert log.beliefs == [DOUBTED, OUTAGE, OUTAGE]


def test_a_job_that_is_not_watched_any_more_does_not_count(log):
    log.deny(1, 0.0)
    log.denials.forget(1)
    log.deny(2, 1.0)

    assert log.beliefs == [DOUBTED, DOUBTED]


def test_a_description_at_the_moment_of_the_first_denial_proves_nothing(log):
    log.deny(1, 0.0)
    log.describe(2, now_s=0.0)
    log.deny(1, 9.0)

    assert log.beliefs == [DOUBTED, DOUBTED]


@pytest.mark.parametrize(("last_s", "belief"), [(BELIEVED_S - 1, OUTAGE), (BELIEVED_S, GONE)])
def test_an_outage_is_believed_at_the_end_of_its_time(log, last_s, belief):
    log.deny(1, 0.0)
    log.deny(2, last_s)

    assert log.beliefs == [DOUBTED, belief]


def test_a_job_is_denied_until_it_is_described_or_forgotten(log):
    log.deny(1, 0.0)
    log.deny(2, 1.0)
    assert (1 in log.denials, 3 in log.denials) == (True, False)

    log.describe(1, now_s=2.0)
    log.denials.forget(2)

    assert (1 in log.denials, 2 in log.denials) == (False, False)
