from datetime import UTC, datetime, timedelta

import pytest

from tui.api.credentials.refusal import refusal
from tui.api.credentials.source import TokenFacts, TokenKind

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RENEW = "renew it or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET"


@pytest.mark.parametrize(
    ("age_s", "words"),
    [
        (None, "the token was refused: it has expired or belongs elsewhere"),
        (-1, "the token was refused before its time: it was revoked or belongs elsewhere"),
        (0, "the token expired 0 s ago"),
        (59.9, "the token expired 59 s ago"),
        (190, "the token expired 3 min ago"),
        (7199, "the token expired 1 h ago"),
        (3 * 86_400, "the token expired 3 d ago"),
    ],
)
def test_the_cause_is_told_as_far_as_the_token_tells_it(age_s, words):
    end = None if age_s is None else NOON - timedelta(seconds=age_s)

    assert refusal(TokenFacts(TokenKind.FILE, "x", end), NOON) == (words, RENEW)


@pytest.mark.parametrize("kind", list(TokenKind))
def test_each_kind_has_a_remedy_that_helps(kind):
    _, remedy = refusal(TokenFacts(kind, "x"), NOON)

    assert (remedy == RENEW) == (kind in {TokenKind.FILE, TokenKind.ENVIRONMENT, TokenKind.NONE})
