import asyncio

import pytest

from tui.simulator.faults import FaultPlan

JOB = "/commerce/inventory/v1/queue/1"
OTHER_JOB = "/commerce/inventory/v1/queue/2"


async def test_next_answers_fail_in_their_order_and_then_recover(client, faults):
    faults.answer_next(500, times=2)
    faults.answer_next(503, body=b"<html>down</html>", headers={"Content-Type": "text/html"})

    answers = [await client.get(JOB) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [500, 500, 503, 200]
    assert answers[2].text == "<html>down</html>"
    assert answers[2].headers["content-type"] == "text/html"


async def test_fault_carries_retry_after_and_the_usual_stamps(client, faults):
    faults.answer_next(429, retry_after="Mon, 23 Nov 2026 09:31:00 GMT")

    answer = await client.get(JOB)

    assert answer.headers["retry-after"] == "Mon, 23 Nov 2026 09:31:00 GMT"
    assert answer.headers["date"] == "Mon, 23 Nov 2026 09:30:00 GMT"
    assert len(answer.headers["x-vol-correlation"]) == 32


async def test_headers_of_a_fault_win_over_the_stamps(client, faults):
    faults.answer_next(302, headers={"Location": "https://elsewhere.example/", "Date": "yesterday"})

    answer = await client.get(JOB)

    assert answer.headers["location"] == "https://elsewhere.example/"
    assert answer.headers.get_list("date") == ["yesterday"]


async def test_fault_can_be_kept_to_one_path(client, faults):
    faults.answer_next(500, path_part="queue/2")

    answers = [await client.get(path) for path in (JOB, OTHER_JOB, OTHER_JOB)]

    assert [answer.status_code for answer in answers] == [200, 500, 200]


async def test_lasting_fault_ends_when_cleared(client, faults):
    faults.answer_always(500)
    faults.answer_always(503)

    during = [(await client.get(JOB)).status_code for _ in range(3)]
    faults.clear()

    assert during == [503, 503, 503]
    assert (await client.get(JOB)).status_code == 200


async def test_delay_holds_an_answer_on_the_clock(client, clock, faults):
    faults.delay_s = 5
    asked = asyncio.create_task(client.get(JOB))

    await clock.advance(4.9)
    was_held = not asked.done()
    await clock.advance(0.1)

    assert was_held
    assert asked.done()
    assert (await asked).status_code == 200


async def test_rate_limit_answers_429_until_a_minute_has_passed(client, clock, faults):
    faults.limit_per_min = 2

    statuses = [(await client.get(JOB)).status_code for _ in range(3)]
    limited = await client.get(JOB)
    await clock.advance(60)

    assert statuses == [200, 200, 429]
    assert (limited.content, limited.headers["retry-after"]) == (b"", "60")
    assert (await client.get(JOB)).status_code == 200


async def test_every_request_is_recorded(client, clock, faults):
    await clock.advance(12)
    await client.get(
        "/commerce/inventory/v1/queue",
        params={"types": ["REFRESH", "ADJUST"], "limit": 5},
        headers={"X-Vol-Tenant": "31014"},
    )

    assert faults.requests == 1
    recorded = faults.log[0]
    assert (recorded.method, recorded.path) == ("GET", "/api/commerce/inventory/v1/queue")
    assert recorded.query == (("types", "REFRESH"), ("types", "ADJUST"), ("limit", "5"))
    assert recorded.headers["x-vol-tenant"] == "31014"
    assert recorded.at_s == pytest.approx(12)


async def test_faults_are_counted_too(client, faults):
    faults.answer_next(500)

    await client.get(JOB)

    assert faults.requests == 1


def test_plan_takes_its_limits_at_once(clock):
    plan = FaultPlan(clock, limit_per_min=3, delay_s=0.5)

    assert (plan.limit_per_min, plan.delay_s) == (3, 0.5)
