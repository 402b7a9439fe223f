import pytest

from tests.support.factories import at
from tui.domain.connection import Connection
from tui.domain.errors import RateLimited, Unauthorised, Unreachable
from tui.monitor.polling_policy import RequestBudget
from tui.monitor.request_gate import RequestGate

UNAUTHORIZED = Connection().failed(Unauthorised("refused"), at=at(), now_s=0.0)
SILENCED = Connection().failed(RateLimited("slow down", retry_after_s=60), at=at(), now_s=0.0)


@pytest.fixture
def gate():
    return RequestGate(RequestBudget())


@pytest.mark.parametrize(("link", "most"), [(Connection(), 2), (UNAUTHORIZED, 1)], ids=["up", "in-doubt"])
def test_calls_under_way_close_it_until_one_of_them_arrives(gate, link, most):
    waits_s = [gate.wait_s(link, 1000.0, under_way=under_way) for under_way in (most - 1, most)]

    assert waits_s == [0.0, None]


def test_nothing_passes_while_a_person_wants_none(gate):
    gate.is_paused = True

    assert gate.wait_s(Connection(), 0.0, under_way=0) is None


def test_the_longer_wait_of_link_and_budget_counts(gate):
    for _ in range(5):
        gate.passed(0.0, late_s=0.0)

    assert gate.wait_s(Connection(), 0.0, under_way=0) == pytest.approx(0.5)
    assert gate.wait_s(SILENCED, 0.0, under_way=0) == pytest.approx(60)


def test_what_passed_is_told(gate):
    gate.passed(10.0, late_s=3.0)

    traffic = gate.traffic(20.0, at(20), wait_s=4.0, is_anyone_due=True)

    assert (traffic.requests_per_min, traffic.next_at, traffic.late_s) == (1, at(24), 3.0)
    assert gate.traffic(20.0, at(20), wait_s=None, is_anyone_due=True).next_at is None


def test_nothing_is_late_where_nobody_is_due(gate):
    gate.passed(10.0, late_s=3.0)

    assert gate.traffic(20.0, at(20), wait_s=4.0, is_anyone_due=False).late_s == 0


DOWN = Unreachable("connection refused")
FAILING = Connection().failed(DOWN, at=at(), now_s=0.0)


@pytest.mark.parametrize(
    ("link", "is_paused", "late_s"),
    [
        pytest.param(Connection(), False, 50.0, id="up"),
        pytest.param(FAILING, False, 50.0, id="one-call-failed"),
        pytest.param(FAILING.failed(DOWN, at=at(), now_s=0.0), False, 2.0, id="outage-begins"),
        pytest.param(UNAUTHORIZED, False, 2.0, id="refused"),
        pytest.param(SILENCED, False, 2.0, id="silence"),
        pytest.param(Connection(), True, 2.0, id="pause"),
    ],
)
def test_only_what_the_budget_keeps_back_is_late(gate, link, is_paused, late_s):
    gate.is_paused = is_paused
    gate.woke(link, 100.0)
    gate.is_paused = False
    gate.woke(Connection(), 150.0)

    gate.passed(152.0, late_s=50.0)

    assert gate.traffic(152.0, at(), wait_s=None, is_anyone_due=True).late_s == late_s
