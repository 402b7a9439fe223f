import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.support.tokens import jwt
from tui.api.auth.jwt import LARGEST_PAYLOAD, expires_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def encoded(payload: bytes) -> SecretStr:
    return SecretStr(f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.sig")


@pytest.mark.parametrize("exp", [int(NOON.timestamp()), NOON.timestamp() + 0.25], ids=["whole", "fraction"])
def test_the_end_is_read(exp):
    assert expires_at(encoded(json.dumps({"sub": "x", "exp": exp}).encode())) == datetime.fromtimestamp(exp, UTC)


@given(
    st.integers(1, 32_000_000_000).map(lambda seconds: datetime.fromtimestamp(31_536_000 + seconds, UTC)),
    st.text(max_size=30),
)
def test_every_sane_end_is_read_whatever_stands_beside_it(moment, subject):
    assert abs(expires_at(SecretStr(jwt(moment, sub=subject))) - moment) < timedelta(seconds=0.001)


@pytest.mark.parametrize(
    "exp",
    ["1795435200", True, None, [], -1, 0, 1e300, 10**400, float("nan"), float("inf"), -1e18, 253402300800],
    ids=["text", "true", "null", "array", "negative", "zero", "huge", "integer", "nan", "inf", "past", "year-10000"],
)
def test_an_end_that_makes_no_sense_is_none(exp):
    assert expires_at(encoded(json.dumps({"exp": exp}).encode())) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "demo",
        "a.b",
        "a.b.c.d",
        "..",
        "a.%%%.c",
        "a.é.c",
        f"a.{'A' * (LARGEST_PAYLOAD + 1)}.c",
        "a." + "W" * 16_000 + ".c",
    ],
)
def test_what_is_no_jwt_has_no_end(text):
    assert expires_at(SecretStr(text)) is None


@given(st.text() | st.builds(lambda parts: ".".join(parts), st.lists(st.text(), min_size=3, max_size=3)))
def test_any_text_is_read_without_an_error(text):
    expires_at(SecretStr(text))


@given(
    st.binary()
    | JSON.map(lambda value: json.dumps(value).encode())
    | JSON.map(lambda value: json.dumps({"exp": value}).encode())
)
def test_any_payload_gives_nothing_or_a_sane_year(payload):
    end = expires_at(encoded(payload))

    assert end is None or (end.tzinfo is UTC and 1970 < end.year < 3000)
