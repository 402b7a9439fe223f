"""A sample of generated servers: a watch of a file never says success while a job of it is not SUCCESS."""

import pytest

from tests.faults.verdicts import verdict_of


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 80, 20))
async def test_no_verdict_is_wrong(first):
    verdicts = [await verdict_of(seed) for seed in range(first, first + 20)]

    assert [verdict for verdict in verdicts if verdict.is_wrong] == []
    assert [verdict for verdict in verdicts if verdict.is_honest and verdict.is_steady and verdict.code != 0] == []
