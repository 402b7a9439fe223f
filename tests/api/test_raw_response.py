from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from tui.api.raw_response import RawResponse
from tui.domain.errors import BadAnswer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def reply(status=200, body=b"", **headers):
    return RawResponse(
        status, "", httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}), body
    )


@pytest.mark.parametrize(
    ("date", "moment"),
    [("Mon, 23 Nov 2026 09:30:00 GMT", NOW), ("", None), ("junk", None), ("Fri, 01 Jan 1960 00:00:00 GMT", None)],
)
def test_server_time(date, moment):
    assert reply(date=date).server_time == moment


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the response is empty"),
        (b" \n", "the response is empty"),
        (b"\xef\xbb\xbf{}", "the response begins with a byte order mark"),
        (b"\xff\xfe{\x00}\x00", "the response begins with a byte order mark"),
        (b"\n <!doctype html>", "the response is HTML, not JSON"),
        (b'{"jobID": 1', "the response is cut short"),
        (b"{} {}", "the response is not JSON: trailing characters"),
        (b"[" * 500, "the response is not JSON: recursion limit exceeded"),
        (b'{"itemCount": %s}' % (b"9" * 5_000), "the response is not JSON: number out of range"),
        (b"OK", "the response is not JSON: "),
    ],
    ids=["empty", "blank", "bom-8", "bom-16", "html", "cut", "trailing", "deep", "5000-digits", "text"],
)  # fmt: skip
def test_what_is_no_json_has_a_cause_in_words(body, words):
    with pytest.raises(BadAnswer) as caught:
        reply(body=body, x_vol_correlation="c0ffee").json()

    assert caught.value.message.startswith(words)
    assert caught.value.correlation_id == "c0ffee"


def test_a_correlation_id_is_one_safe_short_line():
    assert reply(500, x_vol_correlation="\x1b[c" + "x" * 99).correlation_id == r"\x1b[c" + "x" * 74


@pytest.mark.parametrize(
    ("header", "body", "shown"),
    [
        ("c0ffee", b'{"correlationId": "abc"}', "c0ffee and abc"),
        ("c0ffee", b'{"correlationId": "c0ffee"}', "c0ffee"),
        ("c0ffee", b'{"correlationId": ""}', "c0ffee"),
        ("", b'{"correlationId": "abc"}', "abc"),
        ("", b'{"message": "x"}', None),
    ],
)
def test_both_correlation_ids_are_kept_if_they_differ(header, body, shown):
    answer = reply(500, body, x_vol_correlation=header)

    assert (answer.correlation_id, answer.evidence["correlation_id"]) == (shown, shown)


@pytest.mark.parametrize(
    ("secret", "body", "kept"),
    [
        ("abc", b'{"message": "bad abc", "x": "abcd"}', b'{"message": "bad [secret]", "x": "abcd"}'),
        ("123", b'{"jobID": 123, "x": "123"}', b'{"jobID": 123, "x": "123"}'),
        ("true", b'{"success": true}', b'{"success": true}'),
        ("demo", b'{"message": "the demo"}', b'{"message": "the demo"}'),
        ("0123456789", b'{"message": "x0123456789x"}', b'{"message": "x[secret]x"}'),
    ],
)
def test_a_body_keeps_no_secret_and_stays_json(secret, body, kept):
    answer = RawResponse(200, "", httpx.Headers({}), body, (SecretStr(secret),))

    assert answer.without_secrets().body == kept
