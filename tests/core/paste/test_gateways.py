import pytest

from tui.core.paste.answers import AnswerError, error_in
from tui.core.paste.gateways import failed_answers, plain_failure, without_headers

OK, CREATED = "HTTP/1.1 200 OK\n\n{}\n", "HTTP/2 201\n\n{}\n"


@pytest.mark.parametrize(
    ("text", "statuses", "rest"),
    [
        pytest.param(OK, [], OK, id="success"),
        pytest.param("HTTP/1.1 400 Bad\n\nx", [400], "", id="failure"),
        pytest.param("HTTP/1.1 399 Odd\n\nx\n" + OK, [], None, id="redirect-before-another"),
        pytest.param("HTTP/1.1 300 Odd\n\nx", [300], "", id="redirect-at-the-end"),
        pytest.param("HTTP/1.1 299 Odd\n\nx", [], None, id="success-at-the-end"),
        pytest.param("HTTP/1.1 100 Continue\n\nHTTP/1.1 500 X\n\ny", [500], "HTTP/1.1 100 Continue", id="continue"),
        pytest.param("HTTP/1.1 200 Connection established\n\nHTTP/1.1 502 X\n\ny", [502], None, id="tunnel"),
        pytest.param("HTTP/1.1 500 X\n\ny\n" + OK, [500], OK, id="failure-before-a-success"),
        pytest.param(OK + "HTTP/1.1 500 X\n\ny", [500], OK, id="failure-behind-a-success"),
        pytest.param("curl: (22) The requested URL returned error: 404", [404], "", id="curl"),
        pytest.param("curl: (6) Could not resolve host", [None], "", id="curl-without-a-status"),
        pytest.param(OK + "curl: (22) error: 404", [], None, id="curl-beside-a-response"),
        pytest.param("x\n2026 ERROR 403: Forbidden.\ny", [403], "x\n\ny", id="wget"),
    ],
)
def test_failed_responses_are_taken_out_of_a_text(text, statuses, rest):
    errors, left = failed_answers(text)

    assert [error.status for error in errors] == statuses
    assert rest is None or "".join(left.split()) == "".join(rest.split())


def test_an_error_has_reason_body_and_correlation_id():
    (error,), _ = failed_answers("HTTP/1.1 500 Oh no \nx-vol-correlation: abc \n\nsorry")

    assert error == AnswerError("sorry", 500, "Oh no", "abc")


@pytest.mark.parametrize(
    ("body", "is_page"), [("<html>x</html>", True), ("x\n<html>", True), ("Bad Gateway", True), ("sorry", False)]
)
def test_a_page_of_a_gateway_is_told_from_a_response(body, is_page):
    (error,), _ = failed_answers(f"HTTP/1.1 502 X\n\n{body}")

    assert error.is_page is is_page


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("502 Bad Gateway", AnswerError("502 Bad Gateway", 502, is_page=True)),
        ('"Bad Gateway"\n', AnswerError("Bad Gateway", None, is_page=True)),
        ("default backend - 404", AnswerError("default backend - 404", None, is_page=True)),
        ("<a><message> sorry </message></a>", AnswerError("sorry")),
        ("x <message>sorry</message>", None),
        ("Bad Gateway, sorry", None),
        ("upstream connect error" + "x" * 200, AnswerError("upstream connect error" + "x" * 200, is_page=True)),
        ("upstream connect error" + "x" * 201, None),
        (" <!DOCTYPE html>", AnswerError(" <!DOCTYPE html>", is_page=True)),
    ],
)
def test_a_text_that_is_a_page_is_an_error(text, error):
    assert plain_failure(text) == error


@pytest.mark.parametrize(
    ("text", "left"),
    [("x: 1\n5", "x: 1\n5"), ("HTTP/1.1 200 OK\nx: 1\n\n5", "5"), ("an HTTP/2 client\nx: 1", "an HTTP/2 client\nx: 1")],
)
def test_headers_of_a_response_are_dropped(text, left):
    assert without_headers(text).strip() == left


@pytest.mark.parametrize(
    ("answer", "is_error"),
    [
        ({"status": 399}, False),
        ({"status": 400}, True),
        ({"status": 599}, True),
        ({"status": 600}, False),
        ({"status": "FAILED"}, False),
        ({"statusCode": 500}, True),
        ({"success": False}, True),
        ({"success": True}, False),
        ({"items": [{"success": False}]}, True),
        ({"items": [{"success": True}, 5]}, False),
        ({"items": {"success": False}}, False),
    ],
    ids=str,
)
def test_an_object_is_an_error_by_its_status_or_by_what_it_says(answer, is_error):
    assert (error_in(answer) is not None) is is_error
