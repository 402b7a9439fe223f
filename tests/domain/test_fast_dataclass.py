import pytest

from tui.domain.job import fast_dataclass


@fast_dataclass()
class Sent:
    text: str


@fast_dataclass(eq=False)
class Met:
    job_id: int


def test_facts_are_compared_by_their_fields_or_by_identity():
    met = Met(1)

    assert Sent("a") == Sent("a")
    assert (met == met, met == Met(1)) == (True, False)


def test_facts_hold_nothing_but_their_fields():
    with pytest.raises(AttributeError):
        Met(1).other = 2
