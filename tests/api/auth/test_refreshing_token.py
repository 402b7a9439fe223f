import asyncio
from collections import deque
from datetime import timedelta

import pytest
from pydantic import SecretStr

from tests.support.tokens import jwt
from tui.api.auth.refreshing_token import NewToken, RefreshingToken, TokenIssuer
from tui.api.auth.token_source import TokenFacts
from tui.core.clock import ManualClock
from tui.domain.errors import RateLimited, Unauthorised, Unreachable

DOWN = Unreachable("the auth host refused the connection")


class ScriptedIssuer(TokenIssuer):
    """Gives out t1, t2, …, or what the script says instead; each takes `takes_s` seconds."""

    facts = TokenFacts("the desk", renews_itself=True)

    def __init__(self, clock):
        self.clock = clock
        self.script = deque()
        self.life_s = None
        self.takes_s = 0.0
        self.calls = 0
        self.most_at_once = self._under_way = 0

    async def issue(self):
        self.calls += 1
        number = self.calls
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            await self.clock.sleep(self.takes_s)
        finally:
            self._under_way -= 1
        line = self.script.popleft() if self.script else None
        if isinstance(line, Exception):
            raise line
        end = None if self.life_s is None else self.clock.now() + timedelta(seconds=self.life_s)
        return NewToken(SecretStr(line or f"t{number}"), end)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def issuer(clock):
    return ScriptedIssuer(clock)


@pytest.fixture
async def source(issuer, clock):
    source = RefreshingToken(issuer, clock=clock)
    yield source
    await source.aclose()


async def text_of(source):
    return (await source.token()).get_secret_value()


async def test_a_token_without_an_end_is_kept_until_it_is_refused(source, issuer, clock):
    first = await source.token()
    await clock.advance(1e6)

    kept = await text_of(source)
    is_other = await source.renew(first)

    assert (kept, is_other, await text_of(source)) == ("t1", True, "t2")
    assert issuer.calls == 2


@pytest.mark.parametrize(("life_s", "due_s"), [(3600, 3540), (600, 540), (300, 270), (100, 90)])
async def test_it_is_renewed_a_minute_or_a_tenth_of_its_life_before_its_end(source, issuer, clock, life_s, due_s):
    issuer.life_s = life_s
    await source.token()

    await clock.advance(due_s - 1)
    await source.token()
    await clock.advance(0)
    before = issuer.calls
    await clock.advance(1)
    await source.token()
    await clock.advance(0)

    assert (before, issuer.calls) == (1, 2)


async def test_requests_go_on_with_a_good_token_while_it_is_renewed(source, issuer, clock):
    issuer.life_s, issuer.takes_s = 600, 0.0
    await source.token()
    issuer.takes_s = 15.0
    await clock.advance(545)

    during = await asyncio.wait_for(text_of(source), 1)
    await clock.advance(15)

    assert (during, await text_of(source)) == ("t1", "t2")
    assert issuer.calls == 2


async def test_a_token_that_has_ended_is_not_given_out(source, issuer, clock):
    issuer.life_s = 600
    await source.token()
    await clock.advance(600)

    assert await text_of(source) == "t2"


async def test_a_renewal_that_fails_leaves_the_good_token_and_is_tried_again_a_bit_later(source, issuer, clock):
    issuer.life_s = 600
    await source.token()
    issuer.script.extend([DOWN, Unauthorised("refused")])
    calls, texts = [], set()

    await clock.advance(540)
    for _ in range(25):
        texts.add(await text_of(source))
        await clock.advance(1)
        calls.append(issuer.calls)

    assert calls == [2] * 10 + [3] * 10 + [4] * 5
    assert texts == {"t1", "t4"}


async def test_a_renewal_that_fails_is_an_error_once_the_token_has_ended(source, issuer, clock):
    issuer.life_s = 600
    await source.token()
    issuer.script.extend([DOWN] * 2)
    await clock.advance(600)

    with pytest.raises(Unreachable, match="the auth host refused"):
        await source.token()
    with pytest.raises(Unreachable, match="the auth host refused"):
        await source.token()

    assert await text_of(source) == "t4"


async def test_silence_that_the_auth_host_asks_for_is_kept(source, issuer, clock):
    issuer.life_s = 3600
    await source.token()
    issuer.script.append(RateLimited("slow down", retry_after_s=45))

    await clock.advance(3540)
    await source.token()
    await clock.advance(44)
    await source.token()
    await clock.advance(0)
    before = issuer.calls
    await clock.advance(1)
    await source.token()
    await clock.advance(0)

    assert (before, issuer.calls) == (2, 3)


async def test_lives_of_a_second_are_not_renewed_all_the_time(source, issuer, clock):
    issuer.life_s = 1

    for _ in range(100):
        await source.token()
        await clock.advance(0.1)

    assert issuer.calls == 2


async def test_a_token_that_our_clock_calls_ended_is_tried_all_the_same(source, issuer, clock):
    issuer.script.extend([jwt(clock.now() - timedelta(hours=1))])

    first = await source.token()
    await clock.advance(100)

    assert await source.token() == first
    assert source.facts.expires_at == clock.now() - timedelta(hours=1, seconds=100)
    assert issuer.calls == 1


async def test_the_end_in_the_token_itself_counts_where_nobody_names_one(source, issuer, clock):
    issuer.script.extend([jwt(clock.now() + timedelta(minutes=10))])
    await source.token()

    await clock.advance(600)

    assert await text_of(source) == "t2"


async def test_ten_waiting_callers_share_one_issue_and_one_error(source, issuer, clock):
    issuer.takes_s = 2.0
    issuer.script.append(DOWN)

    first = [asyncio.create_task(source.token()) for _ in range(10)]
    await clock.advance(1)
    first[0].cancel()
    await clock.advance(1)
    failed = await asyncio.gather(*first, return_exceptions=True)
    second = asyncio.gather(*[source.token() for _ in range(10)])
    await clock.advance(2)

    assert [type(outcome) for outcome in failed] == [asyncio.CancelledError] + [Unreachable] * 9
    assert {token.get_secret_value() for token in await second} == {"t2"}
    assert issuer.calls == 2


async def test_ten_that_were_refused_share_one_renewal_late_ones_included(source, issuer, clock):
    refused = await source.token()
    issuer.takes_s = 2.0

    at_once = asyncio.gather(*[source.renew(refused) for _ in range(9)])
    await clock.advance(2)
    late = await source.renew(refused)

    assert await at_once == [True] * 9
    assert late is True
    assert issuer.calls == 2


async def test_the_same_token_again_is_no_renewal(source, issuer):
    issuer.script.extend(["same", "same"])
    refused = await source.token()

    assert await source.renew(refused) is False
    assert source.has_other_than(refused) is False


async def test_closing_ends_an_issue_under_way(source, issuer, clock):
    issuer.takes_s = 60.0
    waiting = asyncio.create_task(source.token())
    await clock.advance(1)

    await source.aclose()
    outcome = (await asyncio.gather(waiting, return_exceptions=True))[0]

    assert isinstance(outcome, asyncio.CancelledError)
    assert issuer._under_way == 0
