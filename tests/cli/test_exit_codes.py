import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.exit_codes import Exit, exit_after, exit_for, gravest
from tui.core.errors import ConfigError
from tui.domain.errors import BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised, Unreachable

CONTRACT = (141, 130, 143, 70, 2, 4, 3, 124, 5, 1, 0)
"""tui/scripts/README.md, Exit codes: where several apply, the first in this order."""


@pytest.mark.parametrize(
    ("winner", "losers"), [(code, CONTRACT[place:]) for place, code in enumerate(CONTRACT)], ids=str
)
def test_the_first_in_the_contract_s_order_wins(winner, losers):
    assert gravest(map(Exit, reversed(losers))) == winner


def test_nothing_at_all_is_done():
    assert gravest(()) is Exit.DONE


@pytest.mark.parametrize(
    ("others", "code"), [((0,), 3), ((1, 0), 1), ((5, 0), 5), ((124,), 124), ((4,), 4), ((130, 1), 130)], ids=str
)
def test_jobs_that_may_be_missing_are_a_3_only_if_nothing_worse_is_known(others, code):
    assert gravest([Exit.UNPROVEN, *map(Exit, others)]) == code


@given(st.lists(st.sampled_from(Exit), min_size=1))
def test_the_winner_is_one_of_them_whatever_their_order(codes):
    assert gravest(codes) in {Exit.UNREACHABLE if code is Exit.UNPROVEN else code for code in codes}
    assert gravest(codes) == gravest(reversed(codes))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unauthorised("no"), 4),
        (JobNotFound("none"), 5),
        (Unreachable("gone"), 3),
        (ServerFault("broken"), 3),
        (BadAnswer("odd"), 3),
        (RateLimited("slow down", retry_after_s=60), 3),
        (ConfigError("wrong", "mend it"), 2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_error_has_its_code(error, code):
    assert exit_for(error) == code


def test_of_several_errors_the_gravest_decides():
    assert exit_after([JobNotFound("none"), Unreachable("gone"), JobNotFound("none")]) == 3
