import pytest

from tests.monitor.facts import at
from tui.api.errors import RateLimited, Unauthorised
from tui.monitor.gate import Gate
from tui.monitor.link import Link
from tui.monitor.schedule import RequestBudget

REFUSED = Link().failed(Unauthorised("refused"), at=at(), now_s=0.0)
SILENCED = Link().failed(RateLimited("slow down", retry_after_s=60), at=at(), now_s=0.0)


@pytest.fixture
def gate():
    return Gate(RequestBudget())


@pytest.mark.parametrize(("link", "most"), [(Link(), 2), (REFUSED, 1)], ids=["up", "in-doubt"])
def test_calls_under_way_close_it_until_one_of_them_arrives(gate, link, most):
    waits_s = [gate.wait_s(link, 1000.0, under_way=under_way) for under_way in (most - 1, most)]

    assert waits_s == [0.0, None]


def test_nothing_passes_while_a_person_wants_none(gate):
    gate.is_paused = True

    assert gate.wait_s(Link(), 0.0, under_way=0) is None


def test_the_longer_wait_of_link_and_budget_counts(gate):
    for _ in range(5):
        gate.passed(0.0, late_s=0.0)

    assert gate.wait_s(Link(), 0.0, under_way=0) == pytest.approx(0.5)
    assert gate.wait_s(SILENCED, 0.0, under_way=0) == pytest.approx(60)


def test_what_passed_is_told(gate):
    gate.passed(10.0, late_s=3.0)

    traffic = gate.traffic(20.0, at(20), wait_s=4.0)

    assert (traffic.requests_per_min, traffic.next_at, traffic.late_s) == (1, at(24), 3.0)
    assert gate.traffic(20.0, at(20), wait_s=None).next_at is None
