import pytest
from pydantic import SecretStr

from tui.api.auth.static_token import FixedToken
from tui.core.redaction import redacted, redacted_body, remember, without_secrets


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


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("abcdefgh", "xabcdefghx", "x[secret]x"),
        ("abcdefg", "xabcdefgx", "xabcdefgx"),
        ("abcdefg", "x abcdefg x", "x [secret] x"),
        ("demo", "demo", "demo"),
        ("", "x", "x"),
        ("1234567", "id 1234567", "id [secret]"),
    ],
)
def test_a_secret_of_eight_characters_is_removed_inside_of_words(secret, text, expected):
    assert redacted(text, SecretStr(secret), None) == expected


@pytest.mark.parametrize(
    ("secret", "body", "expected"),
    [
        ("abcdefgh", b'{"a": "xabcdefghx"}', b'{"a": "x[secret]x"}'),
        ("abcdefg", b'{"a": "xabcdefgx"}', b'{"a": "xabcdefgx"}'),
        ("abcdefg", b'{"a": "x abcdefg"}', b'{"a": "x [secret]"}'),
        ("12345678", b'{"a": 12345678}', b'{"a": [secret]}'),
        ("1234567", b'{"a": 1234567}', b'{"a": 1234567}'),
        ("true", b'{"a": true}', b'{"a": true}'),
        ("demo", b'{"a": "demo"}', b'{"a": "demo"}'),
        ("", b'{"a": 1}', b'{"a": 1}'),
    ],
)
def test_a_short_secret_that_json_may_need_stays_in_a_body(secret, body, expected):
    assert redacted_body(body, SecretStr(secret)) == expected


@pytest.mark.parametrize(("later", "is_removed"), [(49, True), (50, False)])
def test_the_newest_fifty_secrets_are_remembered(later, is_removed):
    remember(SecretStr("canary-5f1d2c"))
    remember(*(SecretStr(f"other-secret-{number}") for number in range(later)))

    assert ("canary" not in without_secrets("x canary-5f1d2c")) is is_removed


@pytest.mark.parametrize(
    ("name", "value", "is_removed"),
    [
        ("MY_TOKEN", "abcdefgh", True),
        ("MY_TOKEN", "abcdefg", False),
        ("KIBO_ACCESS_TOKEN", "abcdefg", True),
        ("MY_NAME", "abcdefgh", False),
        ("MY_apikey", " abcdefgh ", True),
    ],
)
def test_secrets_of_the_environment_are_known_by_the_names_of_variables(name, value, is_removed, monkeypatch):
    monkeypatch.setenv(name, value)

    assert ("[secret]" in without_secrets(f"x {value.strip()} y")) is is_removed
