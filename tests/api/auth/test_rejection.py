from datetime import UTC, datetime, timedelta

import pytest

from tui.api.auth.rejection import token_rejection
from tui.api.auth.token_source import TokenFacts

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age_s", "words"),
    [
        (None, "the token was rejected: it has expired or belongs elsewhere"),
        (-1, "the token was rejected before its time: it was revoked or belongs elsewhere"),
        (0, "the token expired 0 s ago"),
        (59.9, "the token expired 59 s ago"),
        (190, "the token expired 3 min ago"),
        (7199, "the token expired 1 h ago"),
        (3 * 86_400, "the token expired 3 d ago"),
    ],
)
def test_the_cause_is_told_as_far_as_the_token_tells_it(age_s, words):
    end = None if age_s is None else NOON - timedelta(seconds=age_s)

    assert token_rejection(TokenFacts("x", end, remedy="renew it"), NOON) == (
        words,
        "renew it",
        age_s is not None and age_s >= 0,
    )
