"""What the rule above the list says where it is short."""

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job


@pytest.mark.parametrize(
    ("width", "filter_text", "words"),
    [
        (40, "", ["Jobs  as given ━", " 2 jobs "]),
        (20, "", ["Jobs ━", " 2 jobs "]),
        (40, "pend", ["Jobs  as given · /pend", " 2 of 2 jobs "]),
        (34, "pend", ["Jobs  /pend ━", " 2 of 2 jobs "]),
    ],
)
async def test_order_leaves_the_title_before_filter_and_number(width, filter_text, words):
    async with desk({1: ["PENDING"], 2: [job(2, "PENDING")]}, size=(width, 24)) as it:
        it.jobs.filter_text = filter_text
        await it.pilot.pause()

        assert [each for each in words if each not in it.text] == []
