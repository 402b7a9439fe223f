import pytest
from pydantic import SecretStr

from tui.api.auth.static_token import FixedToken
from tui.core.redaction import redacted, remember, without_secrets


@pytest.fixture(autouse=True)
def _no_earlier_secrets(monkeypatch):
    """Other tests of this process used tokens such as `x`."""
    monkeypatch.setattr("tui.core.redaction._remembered", {})


async def test_a_token_that_was_read_is_cut_out_of_bugs():
    await FixedToken("Bearer canary-5f1d2c", origin="KIBO_ACCESS_TOKEN").token()

    assert without_secrets("sent canary-5f1d2c to x") == "sent [secret] to x"


@pytest.mark.parametrize(
    "quoted",
    ["canary/\"5f1d'2c\\==", "canary/\\\"5f1d'2c\\\\==", "canary/\"5f1d\\'2c\\\\==", "canary%2F%225f1d%272c%5C%3D%3D"],
    ids=["as it is", "JSON", "Python", "URL"],
)
def test_a_secret_is_found_however_it_is_quoted(quoted):
    remember(SecretStr("canary/\"5f1d'2c\\=="))

    assert without_secrets(f"<{quoted}>") == "<[secret]>"


def test_a_secret_that_holds_another_one_is_cut_out_whole():
    remember(SecretStr("canary-1"), SecretStr("before-canary-1-behind"))

    assert without_secrets("before-canary-1-behind") == "[secret]"


@pytest.mark.parametrize("short", ["b", "Basic"])
def test_a_short_secret_hides_no_other_one(short):
    remember(SecretStr(short))

    assert "canary" not in without_secrets("[(b'authorization', b'Basic canary')]")


def test_words_that_stand_in_texts_by_chance_stay():
    remember(SecretStr("demo"))

    assert (
        without_secrets("the demo of a token, https://x.test/a@b, authorised")
        == "the demo of a token, https://x.test/a@b, authorised"
    )


def test_only_the_newest_secrets_are_remembered():
    for number in range(100_000, 100_200):
        remember(SecretStr(f"canary-{number}"))

    assert without_secrets("canary-100000 canary-100199") == "canary-100000 [secret]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bad token abc", "bad token [secret]"),
        ('{"t":"abc"}', '{"t":"[secret]"}'),
        ("abc, abc.", "[secret], [secret]."),
        ("abcd xabc abc_1 ABC", "abcd xabc abc_1 ABC"),
    ],
)
def test_a_short_secret_is_cut_out_where_it_stands_as_a_whole_word(text, shown):
    secret = SecretStr("abc")
    remember(secret)

    assert redacted(text, secret) == shown
    assert without_secrets(text.replace("token ", "")) == shown.replace("token ", "")


def test_a_short_secret_of_signs_is_cut_out_too():
    assert redacted("sent a+b= to x", SecretStr("a+b=")) == "sent [secret] to x"


def test_short_values_of_the_environment_that_are_no_secrets_of_kibo_stay(monkeypatch):
    monkeypatch.setenv("USE_TOKEN", "yes")
    monkeypatch.setenv("KIBO_SHARED_SECRET", "s3c")

    assert without_secrets("yes, it is s3c") == "yes, it is [secret]"
