import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.server_words import is_no_such_job, said_in

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["message", "items", "error"]), inner, max_size=4)
    ),
    max_leaves=12,
)

NO_SUCH_JOB = {
    "documented": {"error": "Job Not Found", "message": "Job 7 is not in the queue"},
    "more fields": {"error": "Not Found", "message": "", "correlationId": "7f3a", "new": [1]},
}
NOT_THE_APIS = {
    "empty object": {},
    "error alone": {"error": "Not Found"},
    "message alone (API gateways)": {"message": "no Route matched with those values"},
    "platform": {"message": "Item not found", "errorCode": "ITEM_NOT_FOUND", "correlationId": "7f3a", "items": []},
    "spring": {"timestamp": "2026-11-23T09:30:00Z", "status": 404, "error": "Not Found", "path": "/admin/queue/7"},
    "spring with message": {
        "timestamp": 1,
        "status": 404,
        "error": "Not Found",
        "message": "No message available",
        "path": "/x",
    },
    "fastify": {"message": "Route GET:/x not found", "error": "Not Found", "statusCode": 404},
    "iis": {"Message": "No HTTP resource was found that matches the request URI"},
    "fastapi": {"detail": "Not Found"},
    "apigee": {"fault": {"faultstring": "Unable to identify proxy", "detail": {"errorcode": "x"}}},
    "other types": {"error": {"code": 404}, "message": ["x"]},
    "nulls": {"error": None, "message": None},
    "blanks": {"error": "", "message": " "},
    "array": [{"error": "Job Not Found", "message": "x"}],
    "text": "Job Not Found",
    "null": None,
}


@pytest.mark.parametrize("body", NO_SUCH_JOB.values(), ids=NO_SUCH_JOB)
def test_the_queues_own_no(body):
    assert is_no_such_job(json.dumps(body).encode())


@pytest.mark.parametrize("body", NOT_THE_APIS.values(), ids=NOT_THE_APIS)
def test_json_of_others_says_nothing_of_a_job(body):
    assert not is_no_such_job(json.dumps(body).encode())


@pytest.mark.parametrize(
    "body", [b"", b"404 page not found\n", b"<html>", b'{"error": "x", "message": "y"', b"\xff\xfe", b"[" * 500]
)
def test_what_is_no_json_says_nothing_of_a_job(body):
    assert not is_no_such_job(body)


SAYINGS = {
    "message": ({"message": "No such tenant", "errorCode": "E1"}, "No such tenant"),
    "errorMessage": ({"errorMessage": "Tenant suspended"}, "Tenant suspended"),
    "error_description": ({"error": "invalid_client", "error_description": "Unknown app."}, "Unknown app"),
    "error": ({"error": "invalid_client"}, "invalid_client"),
    "error object": ({"error": {"code": 7, "message": "Odd filter"}}, "Odd filter"),
    "code alone": ({"errorCode": "VALIDATION_CONFLICT"}, "VALIDATION_CONFLICT"),
    "number": ({"errorCode": 7}, "7"),
    "exceptionDetail": ({"message": None, "exceptionDetail": {"message": "Null reference"}}, "Null reference"),
    "items": ({"items": [{"errorCode": "INVALID_CREDENTIALS", "message": "Invalid application id or shared secret"}]}, "Invalid application id or shared secret"),
    "two items": ({"message": "Validation failed", "items": [{"message": "limit"}, {"message": "types"}]}, "Validation failed: limit: types"),
    "said twice": ({"message": "It broke", "exceptionDetail": {"message": "it broke"}}, "It broke"),
    "messages": ({"success": False, "messages": ["Job Not Found"], "numResults": 0}, "Job Not Found"),
    "errors": ({"errors": ["first", {"message": "second"}]}, "first: second"),
    "array": ([{"message": "first"}, {"errorMessage": "second"}], "first: second"),
    "additional": ({"message": "Missing", "additionalErrorData": [{"name": "field", "value": "site"}]}, "Missing: field: site"),
    "additional alone": ({"additionalErrorData": [{"name": "why", "value": 3}, {"name": "why", "value": None}, 5]}, "why: 3"),
    "secret": ({"message": "No", "additionalErrorData": [{"name": "accessToken", "value": "abc"}, {"name": "x", "value": "password=abc"}]}, "No: x: [secret]"),
    "iis": ({"Message": "No HTTP resource was found"}, "No HTTP resource was found"),
    "apigee": ({"fault": {"faultstring": "Quota", "detail": {"errorcode": "p7"}}}, "Quota: p7"),
    "problem": ({"type": "about:blank", "title": "Not Found", "detail": "No route"}, "No route: Not Found"),
    "nothing": ({"a": 1}, ""),
    "blank": ({"message": " ", "error": None}, ""),
    "too deep": ({"error": {"error": {"error": {"error": {"error": {"message": "deep"}}}}}}, ""),
    "text": ("please come back", "please come back"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "words"), SAYINGS.values(), ids=SAYINGS)
def test_words_are_found_wherever_they_stand(body, words):
    assert said_in(json.dumps(body).encode()).words == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"default backend - 404", "default backend - 404"),
        (b"\n upstream connect error\nmore", "upstream connect error"),
        (b"<html><head><TITLE lang=en>502 &amp;\n Bad</TITLE></head><body>secret stack</body>", "502 & Bad"),
        (b"\xef\xbb\xbf<!doctype html><title>Sign in</title>", "Sign in"),
        (b"<html><body>secret stack</body>", ""),
        (b"<?xml version='1.0'?><Error><Message>x</Message></Error>", ""),
        (b'{"message": "cut', ""),
        (b"\xff\xfe\x00binary", ""),
        (b"", ""),
        (b" \n", ""),
        (b"x" * 70_000, ""),
    ],
)
def test_of_a_page_only_the_title_and_of_a_text_only_the_first_line_is_quoted(body, words):
    assert said_in(body).words == words


@pytest.mark.parametrize(
    "body",
    [
        {"errorCode": "UNAUTHORIZED", "message": "Invalid tenant"},
        {"errorCode": "INVALID_ACCESS_TOKEN"},
        {"items": [{"errorCode": "INVALID_CREDENTIALS", "message": "No"}]},
        {"error": "unauthorized_client", "error_description": "No"},
        {"message": "You are not authorised to do this"},
        {"message": "The token has expired"},
        {"message": "Authentication failed"},
        {"messages": ["Access denied"]},
        "Forbidden",
    ],
    ids=str,
)
def test_a_body_about_the_token_is_known_as_such(body):
    assert said_in(json.dumps(body).encode()).is_about_access


@pytest.mark.parametrize(
    "text", ["Job Not Found", "Unexpected token < in JSON at position 0", "Invalid tenant", "tokenizer failed"]
)
def test_any_other_body_is_not(text):
    assert not said_in(json.dumps({"message": text}).encode()).is_about_access


@given(JSON)
def test_any_json_has_words_of_one_kind_or_none(value):
    said = said_in(json.dumps(value).encode())

    assert isinstance(said.words, str)


@given(st.binary())
def test_any_bytes_have_words_or_none(body):
    assert isinstance(said_in(body).words, str)
    is_no_such_job(body)
