import pytest

from tui.simulator.tokens import TokenDesk

CREDENTIALS = {"client_id": "demo", "client_secret": "demo", "grant_type": "client_credentials"}


@pytest.fixture
def desk(clock):
    return TokenDesk(clock, has_refresh_tokens=True)


async def test_lives_can_be_made_short(desk, clock):
    desk.expires_in_s = 5
    granted = desk.grant(CREDENTIALS)

    await clock.advance(5)

    assert granted["expires_in"] == 5
    assert not desk.accepts(f"Bearer {granted['access_token']}")


def test_a_refresh_token_is_good_for_one_call(desk):
    first = desk.grant(CREDENTIALS)

    second = desk.grant(CREDENTIALS | {"refresh_token": first["refresh_token"]})
    again = desk.grant(CREDENTIALS | {"refresh_token": first["refresh_token"]})

    assert second["refresh_token"] not in {None, first["refresh_token"]}
    assert again is None
    assert desk.granted == 2


def test_revoked_tokens_are_refused_and_new_ones_are_not(desk):
    first = desk.grant(CREDENTIALS)
    desk.revoke()

    second = desk.grant(CREDENTIALS)

    assert desk.grant(CREDENTIALS | {"refresh_token": first["refresh_token"]}) is None
    assert [desk.accepts(f"Bearer {granted['access_token']}") for granted in (first, second)] == [False, True]
