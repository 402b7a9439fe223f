import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretBytes

from tests.api.auth.conftest import report_of
from tui.api.auth.token_command import issued_in
from tui.core.errors import ConfigError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOKEN = "canary-0123456789"


def read(output: bytes):
    return issued_in(SecretBytes(output), origin="token command vault", now=NOON)


@pytest.mark.parametrize(
    "output",
    [
        TOKEN.encode(),
        f"\n {TOKEN}\r\n\n".encode(),
        f"Bearer {TOKEN}\n".encode(),
        json.dumps({"access_token": TOKEN}).encode(),
        json.dumps({"token": TOKEN, "other": [1]}, indent=2).encode(),
        json.dumps({"token": "other", "access_token": TOKEN}).encode(),
    ],
    ids=["bare", "blanks", "bearer", "access_token", "token", "both"],
)
def test_a_token_is_found(output):
    issued = read(output)

    assert issued.token.get_secret_value() == TOKEN
    assert issued.expires_at is None


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({"expires_in": 3600}, NOON + timedelta(hours=1)),
        ({"expires_in": "90.5"}, NOON + timedelta(seconds=90.5)),
        ({"expires_at": "2026-11-23T13:00:00Z"}, NOON + timedelta(hours=1)),
        ({"expiration": "2026-11-23T14:00:00+02:00"}, NOON),
        ({"expires_in": 60, "expires_at": "2027-01-01T00:00:00Z"}, NOON + timedelta(minutes=1)),
        ({"expires_in": -5, "expires_at": "2026-11-23T13:00:00Z"}, NOON + timedelta(hours=1)),
        ({"expires_in": True}, None),
        ({"expires_in": 0}, None),
        ({"expires_in": 10**30}, None),
        ({"expires_in": "soon"}, None),
        ({"expires_at": "9999-12-31T23:59:59Z"}, None),
        ({"expires_at": 1795435200}, None),
    ],
)
def test_an_end_is_a_hint_and_nonsense_is_none(fields, end):
    assert read(json.dumps({"access_token": TOKEN, **fields}).encode()).expires_at == end


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            f"{TOKEN}\n{TOKEN}".encode(),
            "printed several lines; it has to print the token alone, or JSON with access_token",
        ),
        (b'{"access_token": "canary', "printed JSON that cannot be read"),
        (b'["canary"]', "printed JSON that is no object"),
        (b'"canary"', "printed JSON that is no object"),
        (b'{"id_token": "canary"}', "printed JSON without access_token"),
        (b'{"access_token": ["canary"]}', "printed JSON without access_token"),
        (b'{"access_token": ""}', " is empty"),
        (b'{"access_token": "canary canary"}', ": character 7 is a space"),
        (b"canary \xff", ": character 7 is a space"),
        (b"canary\0", ": character 7 is a NUL"),
        (b"[" * 5_000, "printed JSON that cannot be read"),
    ],
)
def test_what_holds_no_usable_token_is_said_without_being_shown(output, words):
    with pytest.raises(ConfigError, match="token command vault") as caught:
        read(output)

    assert words in str(caught.value)
    assert "canary" not in report_of(caught.value)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.dictionaries(
        st.sampled_from(["access_token", "token", "expires_in", "expires_at"]), st.text() | st.floats() | st.integers()
    ).map(lambda fields: json.dumps(fields).encode())
)
def test_any_output_gives_a_clean_token_or_one_error(output):
    with suppress(ConfigError):
        text = read(output).token.get_secret_value()

        assert text
        assert all("!" <= character <= "~" for character in text)
