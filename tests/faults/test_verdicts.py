"""A sample of generated servers: a watch of a file never says success while a job of it is not SUCCESS."""

import pytest

from tests.faults.verdicts import verdict_of


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 80, 20))
async def test_no_verdict_is_wrong(first):
    verdicts = [await verdict_of(seed) for seed in range(first, first + 20)]

    assert [verdict for verdict in verdicts if verdict.is_wrong] == []
    assert [verdict for verdict in verdicts if verdict.is_honest and verdict.is_steady and not verdict.is_right] == []


@pytest.mark.parametrize("seed", [771, 1259, 2513, 3090, 3282, 3532, 4953, 7453, 8373, 8981, 9166, 9349, 9721])
async def test_a_server_that_once_got_a_wrong_verdict_gets_none(seed):
    assert not (await verdict_of(seed)).is_wrong


@pytest.mark.parametrize("seed", [1301, 2687, 2754, 4305, 4481, 7474, 7607, 376, 1072, 3707])
async def test_an_honest_server_whose_file_is_most_of_its_queue_is_believed(seed):
    assert (await verdict_of(seed)).code == 0
