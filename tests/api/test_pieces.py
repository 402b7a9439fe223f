"""Reading by pieces against reading the whole: whatever arrives, both must give the same."""

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api import wire
from tui.api.models import jobs_from
from tui.api.pieces import cut, read_pieces
from tui.api.query import JobQuery
from tui.api.recall import Remembered
from tui.api.wire import decode

ONE, OTHER, CHANGED = b'{"jobID":1,"status":"WORKING"}', b'{"jobID":2,"messages":["},{"]}', b'{"jobID":1,"status":"SUCCESS"}'
PLAIN = b'{"jobID":3,"x":{"y":[]}}'


def listed(*objects):
    return b"[" + b",".join(objects) + b"]"


def known(body):
    """What is remembered of a list that was read by pieces."""
    return Remembered(body, read_pieces(body, {}, jobs_from), is_cut=True).by_piece


def test_only_what_changed_is_parsed(monkeypatch):
    before = known(listed(ONE, PLAIN))
    parsed, parser = [], wire.from_json
    monkeypatch.setattr(wire, "from_json", lambda body: parsed.append(body) or parser(body))

    jobs = read_pieces(listed(PLAIN, CHANGED), before, jobs_from)

    assert parsed == [CHANGED]
    assert jobs[0] is before[PLAIN[1:-1]]
    assert [job.job_id for job in jobs] == [3, 1]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(listed(ONE, OTHER), id="a message that looks like two jobs"),
        pytest.param(b'[{"jobID":1,"parts":[{"jobID":8},{"jobID":9}]},{"jobID":2}]', id="objects within a job"),
        pytest.param(b'[{"jobID":1,"parts":[{},{}]} ,{"jobID":2}]', id="as many pieces as jobs, but others"),
        pytest.param(listed(PLAIN, b'{"x":1}'), id="a job without an id"),
        pytest.param(listed(PLAIN, b'{"jobID":4,"x":"\\ud83d"}'), id="half a character"),
        pytest.param(b"[{},{]", id="no JSON"),
        pytest.param(listed(ONE), id="one job"),
        pytest.param(b"[]", id="no job"),
        pytest.param(b'{"jobID":1,"parts":[{},{}]}', id="no list"),
    ],
)
def test_what_pieces_cannot_tell_is_left_to_reading_the_whole(body):
    assert read_pieces(body, {}, jobs_from) is None


@pytest.mark.parametrize("tail", [b'{"jobID":4,"x":NaN}', b'{"jobID":4,"x":"a\\u001bb"}', '{"jobID":4,"x":"\u202e"}'.encode()])
def test_pieces_are_cleaned_as_the_whole_is(tail):
    body = listed(PLAIN, tail)

    assert repr(read_pieces(body, known(listed(PLAIN, ONE)), jobs_from)) == repr(jobs_from(decode(body)))


async def test_job_of_another_tenant_is_withheld_from_a_list_that_was_known(client_for):
    foreign = b'{"jobID":1,"tenantID":9}'
    bodies = iter([listed(PLAIN, ONE), listed(PLAIN, foreign), listed(PLAIN, foreign, CHANGED)])
    client = client_for(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=next(bodies))), tenant="4711")

    answers = [await client.jobs(JobQuery()) for _ in range(3)]

    assert [[job.job_id for job in answer.value] for answer in answers] == [[3, 1], [3], [3, 1]]
    assert answers[2].value[0] is answers[0].value[0]


VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from(["", "},{", "{", '"}', "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["jobID", "a"]), inner, max_size=2),
    max_leaves=6,
)
JOBS = st.fixed_dictionaries({"jobID": st.integers(1, 4)}, optional={"a": VALUES, "b": VALUES})
LISTS = st.lists(JOBS, max_size=5) | st.lists(JOBS | VALUES, max_size=5)


@given(LISTS, LISTS, st.sampled_from([",", ", ", " ,"]))
def test_list_reads_the_same_by_pieces_and_whole(before, after, comma):
    bodies = [json.dumps(value, separators=(comma, ":")).encode() for value in (before, before[:2] + after)]
    earlier: dict = {}

    for body in bodies:
        jobs = read_pieces(body, earlier, jobs_from)
        earlier = {} if jobs is None else Remembered(body, jobs, is_cut=True).by_piece

        assert jobs is None or repr(jobs) == repr(jobs_from(decode(body)))
        assert jobs is None or len(jobs) == len(cut(body))
