"""A sample of the generated answers; `python -m tests.core.paste.generated` reads 5,000."""

import pytest

from tests.core.paste.generated import Generated, generated, misread

SAMPLE, GROUPS = 1_200, 12


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_id_of_an_answer_is_lost_and_no_other_number_is_followed(group):
    seeds = range(group, SAMPLE, GROUPS)

    wrong = {seed: problem for seed in seeds if (problem := misread(generated(seed)))}

    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "job_ids", "kind", "says"),
    [
        ('{"jobID": 1}', (), "jobs", "follows [1]"),
        ('{"jobID": 1}', (1, 2), "jobs", "loses [2]"),
        ('{"jobIDs": [2, 1]}', (1, 2), "jobs", "changes the order"),
        ('{"jobIDs": []}', (), "sync", "is taken for none, not sync"),
    ],
)
def test_what_is_misread_is_noticed(text, job_ids, kind, says):
    assert misread(Generated(text, job_ids, kind)).startswith(says)
