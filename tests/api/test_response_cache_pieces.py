"""Reading by pieces against reading the whole: whatever arrives, both must give the same."""

import json
import math

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.response_cache import cut, jobs_from, joined, read_pieces
from tui.core.json_decoding import decode, from_json
from tui.domain.job import glance
from tui.domain.job_source import JobQuery

ONE, OTHER, CHANGED = (
    b'{"jobID":1,"status":"WORKING"}',
    b'{"jobID":2,"type":"ADJUST","messages":["},{"]}',
    b'{"jobID":1,"status":"SUCCESS"}',
)
PLAIN = b'{"jobID":3,"status":"PENDING","x":{"y":[]}}'


def listed(*objects):
    return b"[" + b",".join(objects) + b"]"


def whole(body):
    """The jobs of a list that is read as a whole."""
    return jobs_from(decode(body))


def everything(job):
    """All that can be read of a job."""
    return dict(job) | {"raw": job.raw, "unread": job.unread, "tenant": job.origin.tenant}


def known(body):
    """What is remembered of a list that was read by pieces."""
    return read_pieces(body, {})


def test_only_what_changed_is_parsed():
    """A piece that nobody could parse is known, so it is taken as it is."""
    job = known(listed(ONE, PLAIN))[PLAIN[1:-1]]
    unreadable = b'"jobID":3,no JSON'

    jobs = [*read_pieces(listed(b"{%b}" % unreadable, CHANGED), {unreadable: job}).values()]

    assert jobs[0] is job
    assert [job.job_id for job in jobs] == [3, 1]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(listed(ONE, OTHER), id="a message that looks like two jobs"),
        pytest.param(b'[{"jobID":1,"parts":[{"jobID":8},{"jobID":9}]},{"jobID":2}]', id="objects within a job"),
        pytest.param(b'[{"jobID":1,"parts":[{},{}]} ,{"jobID":2}]', id="as many pieces as jobs, but others"),
        pytest.param(listed(PLAIN, b'{"x":1}'), id="a job without an id"),
        pytest.param(listed(PLAIN, ONE, PLAIN), id="the same job twice"),
        pytest.param(listed(PLAIN, b'{"jobID":4,"x":"\\ud83d"}'), id="half a character"),
        pytest.param(b"[{},{]", id="no JSON"),
        pytest.param(listed(ONE), id="one job"),
        pytest.param(b"[]", id="no job"),
        pytest.param(b'{"jobID":1,"parts":[{},{}]}', id="no list"),
    ],
)
def test_what_pieces_cannot_tell_is_left_to_reading_the_whole(body):
    assert read_pieces(body, {}) == {}


@pytest.mark.parametrize(
    "tail", [b'{"jobID":4,"x":NaN}', b'{"jobID":4,"x":"a\\u001bb"}', '{"jobID":4,"x":"\u202e"}'.encode()]
)
def test_pieces_are_cleaned_as_the_whole_is(tail):
    body = listed(PLAIN, tail)

    by_piece = read_pieces(body, known(listed(PLAIN, ONE)))

    assert repr(tuple(by_piece.values())) == repr(whole(body))


async def test_job_of_another_tenant_is_withheld_from_a_list_that_was_known(client_for):
    foreign = b'{"jobID":1,"tenantID":9}'
    bodies = iter([listed(PLAIN, ONE), listed(PLAIN, foreign), listed(PLAIN, foreign, CHANGED)])
    client = client_for(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, content=next(bodies))), tenant="4711"
    )

    answers = [await client.jobs(JobQuery()) for _ in range(3)]

    assert [[job.job_id for job in answer.value] for answer in answers] == [[3, 1], [3], [3, 1]]
    assert answers[2].value[0] is answers[0].value[0]


def test_job_that_nobody_looks_at_is_not_made(monkeypatch):
    made, parser = [], from_json
    monkeypatch.setattr("tui.core.json_decoding.from_json", lambda body: made.append(body) or parser(body))

    unseen, seen = read_pieces(listed(PLAIN, ONE), {}).values()

    assert (unseen.status, unseen.original_filename, unseen.started, seen.is_ended) == ("PENDING", None, None, False)
    assert [seen.verbatim("jobID"), seen.messages, seen.item_count] == ["1", (), None]
    assert made == [ONE]


VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from(["", "},{", "{", '"}', "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["jobID", "a"]), inner, max_size=2),
    max_leaves=6,
)
GLANCED = dict.fromkeys(
    ["status", "started", "tenantID", "type", "locationCode", "originalFilename", "messages"],
    VALUES
    | st.floats()
    | st.booleans()
    | st.sampled_from(["FAILED", "ADJUST", "2026-11-23T10:00:00Z", "Z\u00fcrich", "\x7f", [math.nan]]),
)
JOBS = st.fixed_dictionaries({"jobID": st.integers(1, 4)}, optional={"a": VALUES, "b": VALUES})
LISTS = st.lists(JOBS, max_size=5) | st.lists(JOBS | VALUES, max_size=5)


@given(LISTS, LISTS, st.sampled_from([",", ", ", " ,"]))
def test_list_reads_the_same_by_pieces_and_whole(before, after, comma):
    bodies = [json.dumps(value, separators=(comma, ":")).encode() for value in (before, before[:2] + after)]
    earlier: dict = {}

    for body in bodies:
        by_piece = read_pieces(body, earlier)
        earlier = by_piece

        assert not by_piece or repr(tuple(by_piece.values())) == repr(whole(body))
        assert not by_piece or (len(by_piece) == len(cut(body)) and joined(by_piece) == body)


@given(st.lists(st.fixed_dictionaries({"jobID": st.integers(1, 4)}, optional=GLANCED), min_size=2, max_size=4))
def test_job_reads_the_same_from_its_piece_and_from_the_whole(listed_jobs):
    body = json.dumps(listed_jobs, separators=(",", ":")).encode()

    by_piece = read_pieces(body, {})

    assert not by_piece or [*map(everything, by_piece.values())] == [*map(everything, whole(body))]


@given(JOBS.map(lambda sent: json.dumps(sent).encode()), st.integers(0, 60), st.binary(max_size=2), st.integers(0, 2))
def test_what_a_glance_takes_for_json_is_an_object(body, place, put_in, taken_out):
    body = body[:place] + put_in + body[place + taken_out :]

    try:
        glance(body)
    except ValueError:
        return

    assert isinstance(from_json(body), dict)


@pytest.mark.parametrize(
    "value",
    [
        b"[" * 201 + b"]" * 201,
        b"1" * 4_400,
        b"01",
        b"1.",
        b"+1",
        b"-",
        b"nul",
        b'"\x01"',
        b'"\\ud83d"',
        b'"\xff"',
        b"1,",
    ],
    ids=lambda value: str(value[:6]),
)
def test_what_cannot_be_made_later_is_refused_at_a_glance(value):
    with pytest.raises(ValueError, match="JSON"):
        glance(b'{"jobID":1,"x":%b}' % value)
