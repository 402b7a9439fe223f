import pytest
from pydantic import SecretStr

from tui.api.auth.flow import TokenRenewal
from tui.api.auth.token_source import TokenFacts, TokenSource
from tui.core.errors import ConfigError
from tui.domain.errors import Unauthorised, Unreachable

A, B, C = SecretStr("a"), SecretStr("b"), SecretStr("c")


class Row(TokenSource):
    """Tokens in a row; each renewal takes the next, or raises it."""

    facts = TokenFacts("a row")

    def __init__(self, *steps):
        self.steps, self.renewals = list(steps), 0
        self.current = self.steps.pop(0)

    async def token(self):
        if isinstance(self.current, Exception):
            raise self.current
        return self.current

    async def renew(self, refused):
        if self.current == refused:
            self.renewals += 1
            step = self.steps.pop(0) if self.steps else refused
            if isinstance(step, Exception):
                raise step
            self.current = step
        return self.current != refused

    def has_other_than(self, refused):
        return self.current != refused


async def test_a_renewed_token_that_was_proved_may_be_renewed_again_in_spite_of_late_refusals():
    renewal = TokenRenewal(Row(A, B, C))
    await renewal.token()
    first = await renewal.renew(A)
    renewal.accepted(await renewal.token())

    late = await renewal.renew(A)

    assert (first, late) == (True, True)
    assert await renewal.renew(B) is True


async def test_late_refusals_of_a_token_that_cannot_be_renewed_renew_nothing():
    row = Row(A)
    renewal = TokenRenewal(row)
    await renewal.token()

    outcomes = [await renewal.renew(A) for _ in range(4)]

    assert outcomes == [False] * 4
    assert row.renewals == 1


async def test_a_refused_token_is_renewed_before_it_would_be_sent_again():
    row = Row(A, Unreachable("down"), B)
    renewal = TokenRenewal(row)
    await renewal.token()
    with pytest.raises(Unreachable):
        await renewal.renew(A)

    assert await renewal.token() == B


async def test_what_gives_out_no_token_any_more_is_a_refusal_and_no_wrong_setting():
    row = Row(A)
    renewal = TokenRenewal(row)
    await renewal.token()
    row.current = ConfigError("token command vault cannot be started", "check it")

    with pytest.raises(Unauthorised, match=r"cannot get a new token: token command vault cannot be started; check it$"):
        await renewal.token()


async def test_what_has_never_given_a_token_is_a_wrong_setting():
    with pytest.raises(ConfigError, match="is empty"):
        await TokenRenewal(Row(ConfigError("X is empty", "fill it"))).token()


@pytest.mark.parametrize(
    "error",
    [ConfigError("is empty", "fill it"), Unauthorised("is empty", remedy="fill it")],
    ids=["setting", "refusal"],
)
async def test_a_renewal_that_fails_says_why(error):
    renewal = TokenRenewal(Row(A, error))
    await renewal.token()

    with pytest.raises(Unauthorised, match=r"the token was rejected, and there is no new one: is empty; fill it$"):
        await renewal.renew(A)
    assert await renewal.renew(A) is False


async def test_news_is_another_token_than_the_one_given_out_last():
    row = Row(A)
    renewal = TokenRenewal(row)

    before = renewal.has_new_token()
    await renewal.token()
    same = renewal.has_new_token()
    row.current = B

    assert (before, same, renewal.has_new_token()) == (False, False, True)
