import pytest

from tests.api.auth.conftest import TOKEN, report_of
from tui.api.auth.static_token import FixedToken, NoToken
from tui.core.errors import ConfigError
from tui.domain.errors import Unauthorised


@pytest.mark.parametrize(
    "content",
    [TOKEN, TOKEN + "\n", f" \t{TOKEN}\r\n\r\n", f"Bearer {TOKEN}", f"bearer\t {TOKEN}\n"],
    ids=["bare", "newline", "blanks", "bearer", "lower-bearer"],
)
async def test_a_token_is_stripped_of_what_surrounds_it(content):
    assert (await FixedToken(content, origin="X").token()).get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "X is empty"),
        (" \n", "X is empty"),
        ("Bearer", "X is empty"),
        ("Bearer \n", "X is empty"),
        ("secret\nvalue", "X: character 7 is a line break"),
        ("secret value", "X: character 7 is a space"),
        ("Bearer secret\0", "X: character 14 is a NUL"),
        ("“secret”", "X: character 1 is not ASCII"),
        ("secret\x1b", "X: character 7 is a control character"),
        ('{"access_token":"secret"}', "X begins with {, as JSON does; put the bare token there"),
        ('{"access_token": "secret"}', "X begins with {, as JSON does; put the bare token there"),
        ("'secret'", "X begins with ', a quotation mark; put the bare token there"),
        ('"secret"', 'X begins with ", a quotation mark; put the bare token there'),
    ],
)
async def test_a_bad_token_is_named_by_source_and_position_alone(content, message):
    with pytest.raises(ConfigError) as caught:
        await FixedToken(content, origin="X").token()

    assert str(caught.value).startswith(message)
    assert "secret" not in report_of(caught.value).replace("get_secret_value", "")


async def test_a_good_token_is_checked_once():
    source = FixedToken(f"Bearer {TOKEN}\n", origin="X")
    source.check()

    assert await source.token() is await source.token()


async def test_a_bad_token_is_no_error_before_it_is_needed_and_one_each_time():
    source = FixedToken("", origin="X")

    for _ in range(2):
        with pytest.raises(ConfigError, match="X is empty"):
            source.check()
        with pytest.raises(ConfigError, match="X is empty"):
            await source.token()


async def test_a_given_token_cannot_be_renewed():
    source = FixedToken(TOKEN, origin="X")
    refused = await source.token()

    assert await source.renew(refused) is False
    assert source.has_other_than(refused) is False
    assert TOKEN not in repr(source) + str(vars(source)) + repr(source.facts)


async def test_no_token_is_said_when_it_is_needed():
    source = NoToken("set ONE")

    with pytest.raises(Unauthorised, match="no access token; set ONE"):
        await source.token()
    with pytest.raises(Unauthorised, match="no access token; set ONE"):
        source.check()
