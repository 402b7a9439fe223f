import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import at
from tui.core.clock import ManualClock
from tui.domain.errors import RateLimited, Unauthorised, Unreachable
from tui.monitor.connection_tracker import FAILURES_UNTIL_OFFLINE, REFUSED_PROBE_S
from tui.monitor.request_gate import RequestBudget, RequestGate, budget_of

SLOW_DOWN = RateLimited("slow down", retry_after_s=60)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def gate():
    return RequestGate()


def test_budget_lets_a_burst_go_and_then_two_a_second():
    budget = RequestBudget()
    for _ in range(5):
        assert budget.wait_s(0.0) == 0.0
        budget = budget.spend(0.0)

    assert budget.wait_s(0.0) == pytest.approx(0.5)
    assert budget.wait_s(0.5) == 0.0


@given(st.lists(st.floats(0, 3), max_size=60))
def test_budget_is_never_exceeded_in_any_window(pauses):
    budget, now_s, sent = RequestBudget(), 0.0, []
    for pause_s in pauses:
        now_s += max(pause_s, budget.wait_s(now_s + pause_s))
        if budget.wait_s(now_s) == 0.0:
            budget = budget.spend(now_s)
            sent.append(now_s)

    for first, start_s in enumerate(sent):
        for last in range(first, len(sent)):
            assert last - first + 1 <= 5 + 2 * (sent[last] - start_s) + 1e-6


@given(st.integers(1, 600), st.lists(st.floats(0, 20), max_size=200))
def test_budget_of_a_rate_lets_no_more_than_that_leave_in_any_minute(max_per_min, pauses):
    budget, now_s, sent = budget_of(max_per_min), 0.0, []
    for pause_s in pauses:
        now_s += max(pause_s, budget.wait_s(now_s + pause_s))
        if budget.wait_s(now_s) == 0.0:
            budget = budget.spend(now_s)
            sent.append(now_s)

    for start_s in sent:
        assert sum(start_s <= moment < start_s + 60 - 1e-6 for moment in sent) <= max_per_min


def test_small_rate_is_still_used():
    budget = budget_of(1)

    assert budget.wait_s(0) == 0
    assert budget.spend(0).wait_s(0) == pytest.approx(60)


def test_budgets_of_commands_and_app():
    """Two requests a second, bursts of five, two at once; what a rate allows in any minute includes its burst."""
    budgets = {
        "usual": RequestBudget(),
        "1/min": budget_of(1),
        "59/min": budget_of(59),
        "60/min": budget_of(60),
        "600/min": budget_of(600),
    }

    assert {name: (it.rate_per_s, it.burst, it.tokens, it.in_flight_limit) for name, it in budgets.items()} == {
        "usual": (2.0, 5.0, 5.0, 2),
        "1/min": (1 / 60, 1.0, 1.0, 2),
        "59/min": (56 / 60, 4.0, 4.0, 2),
        "60/min": (56 / 60, 5.0, 5.0, 2),
        "600/min": (596 / 60, 5.0, 5.0, 2),
    }


@pytest.mark.parametrize(("error", "most"), [(None, 2), (Unauthorised("refused"), 1)], ids=["up", "in-doubt"])
def test_requests_in_flight_close_the_gate_until_one_of_them_returns(gate, error, most):
    if error:
        gate.failed(error, at=at(), now_s=0.0)
    requests = [gate.leave(1000.0) for _ in range(most)]
    closed_s = gate.wait_s(1000.0)

    gate.returned(requests[0])

    assert (closed_s, gate.wait_s(1000.0)) == (None, 0.0)


def test_a_request_returns_once(gate):
    first, _ = gate.leave(0.0), gate.leave(0.0)

    gate.returned(first)
    gate.returned(first)
    gate.leave(0.0)

    assert gate.wait_s(0.0) is None


def test_the_longer_wait_of_connection_and_budget_counts(gate):
    for _ in range(5):
        gate.returned(gate.leave(0.0))
    by_budget_s = gate.wait_s(0.0)

    gate.failed(SLOW_DOWN, at=at(), now_s=0.0)

    assert (by_budget_s, gate.wait_s(0.0)) == (pytest.approx(0.5), pytest.approx(60))


def test_requests_of_the_last_minute_are_counted(gate):
    for now_s in (0.0, 30.0, 59.0):
        gate.leave(now_s)

    assert (gate.per_min(59.0), gate.per_min(61.0), gate.per_min(200.0)) == (3, 2, 0)


# callers that wait for their turn


async def in_turn(gate, clock, sent, name="it", *, takes_s=0.0, patience_s=1000.0):
    async with gate.turn(clock, patience_s=patience_s):
        sent.append((name, clock.monotonic_s()))
        await clock.sleep(takes_s)


async def test_turns_are_taken_in_order_and_within_the_budget(clock):
    gate, sent = RequestGate(RequestBudget(rate_per_s=1, burst=1, tokens=1)), []
    tasks = [asyncio.create_task(in_turn(gate, clock, sent, name)) for name in "abc"]

    await clock.advance(10)
    await asyncio.gather(*tasks)

    assert sent == [("a", 0), ("b", 1), ("c", 2)]


async def test_turns_wait_for_requests_in_flight(gate, clock):
    sent = []
    tasks = [asyncio.create_task(in_turn(gate, clock, sent, name, takes_s=7)) for name in "abc"]

    await clock.advance(20)
    await asyncio.gather(*tasks)

    assert sent == [("a", 0), ("b", 0), ("c", 7)]


async def test_a_turn_goes_before_the_polls_of_a_monitor(clock):
    gate = RequestGate(RequestBudget(rate_per_s=1, burst=1, tokens=0))
    task = asyncio.create_task(in_turn(gate, clock, []))
    await clock.advance(0)

    assert gate.wait_s(0.0) == 2.0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert gate.wait_s(0.0) == 1.0


async def test_a_turn_waits_for_a_short_silence(gate, clock):
    gate.failed(RateLimited("slow down", retry_after_s=7), at=at(), now_s=0.0)
    sent = []
    task = asyncio.create_task(in_turn(gate, clock, sent, patience_s=10))

    await clock.advance(30)
    await task

    assert sent == [("it", 7)]


@pytest.mark.parametrize(
    "errors",
    [[SLOW_DOWN], [Unauthorised("no")], [Unreachable("gone")] * FAILURES_UNTIL_OFFLINE],
    ids=["rate limited", "refused", "outage"],
)
async def test_a_turn_that_would_take_too_long_fails_with_what_closed_the_gate(gate, clock, errors):
    for error in errors:
        gate.failed(error, at=at(), now_s=0.0)

    with pytest.raises(type(errors[0])) as caught:
        await in_turn(gate, clock, [], patience_s=10)

    assert caught.value is errors[-1]


async def test_a_silence_ends_the_turn_of_those_who_wait_already(clock):
    gate = RequestGate(RequestBudget(rate_per_s=0.01, burst=1, tokens=0))
    task = asyncio.create_task(in_turn(gate, clock, [], patience_s=10))
    await clock.advance(1)

    gate.failed(SLOW_DOWN, at=at(), now_s=1.0)
    await clock.advance(0)

    assert task.exception() is SLOW_DOWN


async def test_a_new_token_lets_one_request_leave_at_once(gate, clock):
    gate.failed(Unauthorised("no"), at=at(), now_s=0.0)
    sent = []
    tasks = [asyncio.create_task(in_turn(gate, clock, sent, takes_s=5)) for _ in "ab"]
    await clock.advance(1)

    gate.retry_now()
    await clock.advance(REFUSED_PROBE_S)
    await asyncio.gather(*tasks)

    assert [moment for _, moment in sent] == [1, 6]


# a second request of one call


async def test_another_request_of_a_call_needs_no_place_in_flight_and_goes_first(clock):
    gate, sent = RequestGate(RequestBudget(rate_per_s=1, burst=1, tokens=1, in_flight_limit=1)), []
    gate.leave(0.0)
    waiting = asyncio.create_task(in_turn(gate, clock, sent))
    await clock.advance(0)

    another = asyncio.create_task(gate.another(clock))
    await clock.advance(10)

    assert (another.done(), waiting.done(), gate.per_min(10.0)) == (True, False, 2)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_another_request_spends_the_budget(gate, clock):
    for _ in range(5):
        await gate.another(clock)

    assert gate.wait_s(0.0) == pytest.approx(0.5)


async def test_another_request_does_not_wait_for_a_connection_that_stays_closed(gate, clock):
    gate.failed(SLOW_DOWN, at=at(), now_s=0.0)

    with pytest.raises(RateLimited):
        await gate.another(clock)
