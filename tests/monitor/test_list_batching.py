import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import job
from tui.domain.errors import AnswerTooLarge, BadAnswer, ServerFault
from tui.domain.job_source import JobQuery
from tui.monitor.list_batching import ListBatching
from tui.monitor.requests import Deferred, JobRequest, ListRequest

FILE, OTHER_FILE = JobQuery(original_filename="a.csv"), JobQuery(original_filename="b.csv")
PLACE = JobQuery(location_code="W01")
EVERYTHING = JobQuery()
UNAUTHORIZED = BadAnswer("limit is too high", http_status=400)


def of_file(job_id, file="a.csv", status="PENDING", **fields):
    return job(job_id, status, originalFilename=file, **fields)


def knowing(*jobs):
    """List batching that knows these jobs, one by one."""
    batching = ListBatching()
    batching.join([each.job_id for each in jobs])
    for each in jobs:
        batching.update_fields(each)
    return batching


def read(batching, call, *jobs, strangers=(), now_s=0.0):
    batching.answered(call, [*jobs, *strangers], now_s)
    for each in jobs:
        batching.update_fields(each)


def without_bare_list(batching, now_s=0.0):
    """Let the bare list be known to hold nothing of interest."""
    batching.answered(ListRequest(JobQuery(limit=100), frozenset()), (), now_s)
    return batching


def test_jobs_of_one_file_come_by_one_list():
    batching = knowing(*map(of_file, (1, 2, 3)))

    call = batching.call_for(2, 0.0)

    assert isinstance(call, ListRequest)
    assert (call.query.unlimited, call.expected) == (FILE, {1, 2, 3})


def test_job_without_companions_is_asked_for_alone():
    batching = knowing(of_file(1), of_file(2, "b.csv"))

    assert batching.call_for(1, 0.0) == JobRequest(1)


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        pytest.param({"locationCode": "W01"}, PLACE, id="location"),
        pytest.param({"type": "ADJUST"}, JobQuery(types=("ADJUST",)), id="type"),
        pytest.param({"type": "ALLOCATE"}, EVERYTHING, id="a type that no filter takes"),
        pytest.param({}, EVERYTHING, id="nothing in common"),
    ],
)
def test_jobs_made_by_calls_come_by_what_they_have_in_common(fields, query):
    batching = knowing(*(job(job_id, **fields) for job_id in range(1, 6)))

    assert batching.call_for(1, 0.0).query.unlimited == query


def test_list_that_lacked_a_job_is_not_asked_for_its_sake():
    batching = without_bare_list(knowing(*map(of_file, (1, 2, 3))))
    read(batching, batching.call_for(1, 0.0), of_file(1), of_file(2))

    assert batching.call_for(3, 10.0) == JobRequest(3)
    assert batching.call_for(1, 10.0).expected == {1, 2}


def test_list_that_lacked_a_job_is_tried_again_after_a_while():
    batching = without_bare_list(knowing(*map(of_file, (1, 2, 3))), 100.0)
    read(batching, batching.call_for(1, 0.0))

    assert batching.call_for(3, 299.0) == JobRequest(3)
    assert batching.call_for(3, 301.0).query.unlimited == FILE


def test_job_that_came_after_the_list_was_read_is_expected_of_it():
    batching = knowing(of_file(1), of_file(2))
    read(batching, batching.call_for(1, 0.0), of_file(1), of_file(2))
    batching.join([3])
    batching.update_fields(of_file(3))

    assert batching.call_for(3, 10.0).expected == {1, 2, 3}


def test_full_list_that_lacked_a_job_is_asked_for_more():
    jobs = [of_file(job_id) for job_id in range(1, 151)]
    batching = knowing(*jobs)
    first = batching.call_for(1, 0.0)
    strangers = [of_file(job_id) for job_id in range(1000, 1101)]
    read(batching, first, *jobs[:149], strangers=strangers)

    second = batching.call_for(150, 10.0)

    assert (first.query.limit, second.query.limit) == (250, 500)
    assert 150 in second.expected


def test_file_list_grows_to_five_thousand_and_others_to_one_thousand():
    limits = {}
    for name, fields in (("file", {"originalFilename": "a.csv"}), ("place", {"locationCode": "W01"})):
        batching = knowing(*(job(job_id, **fields) for job_id in (1, 2, 3, 4)))
        for number in range(9):
            call = batching.call_for(1, 400.0 * number)
            if not isinstance(call, ListRequest):
                break
            limits[name] = call.query.limit
            strangers = [job(10_000 + other, **fields) for other in range(call.query.limit - 1)]
            batching.answered(call, [*strangers, job(1, **fields)], 400.0 * number)

    assert limits == {"file": 5000, "place": 1000}


def test_list_of_mostly_foreign_jobs_is_not_worth_it():
    batching = knowing(*map(of_file, (1, 2)))
    read(batching, batching.call_for(1, 0.0), of_file(1), of_file(2), strangers=map(of_file, range(100, 300)))

    assert batching.call_for(1, 10.0) == JobRequest(1)


def test_long_list_is_not_read_again_at_once():
    jobs = [of_file(job_id) for job_id in range(1, 301)]
    batching = knowing(*jobs)
    read(batching, batching.call_for(1, 0.0), *jobs)

    assert batching.call_for(1, 2.0) == Deferred(3.0, frozenset(range(1, 301)))
    assert batching.call_for(1, 2.0, is_urgent=True) == JobRequest(1)
    assert isinstance(batching.call_for(1, 3.0), ListRequest)


def test_filter_that_the_server_ignores_is_not_used_again():
    batching = knowing(*map(of_file, (1, 2, 3)))
    read(batching, batching.call_for(1, 0.0), of_file(1), of_file(2), strangers=[of_file(9, "b.csv")])

    calls = [batching.call_for(job_id, 10.0) for job_id in (1, 2)]

    assert all(call == JobRequest(1) or call.query.original_filename is None for call in calls)


def test_job_without_the_field_does_not_prove_that_a_filter_is_ignored():
    batching = knowing(*map(of_file, (1, 2, 3)))
    read(batching, batching.call_for(1, 0.0), of_file(1), of_file(2), of_file(3), strangers=[job(9)])

    assert batching.call_for(1, 10.0).query.unlimited == FILE


def test_refused_list_is_tried_without_a_limit_and_then_given_up():
    batching = knowing(*map(of_file, (1, 2)))
    first = batching.call_for(1, 0.0)
    batching.failed(first, UNAUTHORIZED, 0.0)
    second = batching.call_for(1, 0.0)
    batching.failed(second, UNAUTHORIZED, 0.0)

    assert (first.query.limit, second.query.limit) == (100, None)
    assert batching.call_for(1, 1.0) == JobRequest(1)
    assert batching.call_for(1, 301.0) == first


@pytest.mark.parametrize(
    "error",
    [ServerFault("busy", http_status=503), ServerFault("a gateway's 404", http_status=404), BadAnswer("cut JSON")],
    ids=str,
)
def test_one_failure_of_the_server_is_no_reason_to_give_a_list_up(error):
    batching = knowing(*map(of_file, (1, 2)))
    batching.failed(batching.call_for(1, 0.0), error, 0.0)

    assert batching.call_for(1, 1.0).query == JobQuery(original_filename="a.csv", limit=100)


def test_list_without_a_limit_is_not_asked_again_for_what_its_default_cuts_off():
    jobs = [of_file(job_id) for job_id in range(1, 201)]
    batching = without_bare_list(knowing(*jobs))
    batching.failed(batching.call_for(1, 0.0), AnswerTooLarge("over 5 MB"), 0.0)
    read(batching, batching.call_for(1, 0.0), *jobs[:100])

    assert batching.call_for(1, 10.0).expected == set(range(1, 101))


def test_settled_job_is_expected_of_no_list():
    batching = knowing(*map(of_file, (1, 2, 3)))

    batching.stop_polling(3)

    assert batching.call_for(1, 0.0).expected == {1, 2}


def test_few_newcomers_are_asked_for_alone_in_their_order():
    batching = ListBatching()
    batching.join([5, 4, 6])

    assert [batching.first_call(0.0) for _ in range(4)] == [JobRequest(5), JobRequest(4), JobRequest(6), None]


def test_many_newcomers_are_looked_for_in_the_newest_jobs_first():
    batching = ListBatching()
    batching.join(range(1, 301))

    call = batching.first_call(0.0)

    assert call == ListRequest(JobQuery(limit=500), frozenset())
    assert batching.newcomers == 300


def test_first_contact_with_a_whole_file_takes_three_calls():
    batching = ListBatching()
    batching.join(range(1, 501))
    batching.answered(batching.first_call(0.0), [of_file(job_id, "b.csv") for job_id in range(1000, 2000)], 0.0)
    alone = batching.first_call(0.5)
    batching.update_fields(of_file(1))

    call = batching.first_call(1.0)
    read(batching, call, *map(of_file, range(1, 501)), now_s=1.0)

    assert alone == JobRequest(1)
    assert call.query.unlimited == FILE
    assert batching.first_call(2.0) is None


def test_files_of_newcomers_that_a_list_brought_are_followed():
    batching = ListBatching()
    batching.join(range(1, 101))
    read(batching, batching.first_call(0.0), of_file(1), of_file(2, "b.csv"))

    assert [batching.first_call(1.0).query.unlimited for _ in range(2)] == [FILE, OTHER_FILE]


def test_newcomers_that_have_nothing_in_common_cost_few_lists():
    batching = ListBatching()
    batching.join(range(1, 201))
    lists = 0
    while (call := batching.first_call(0.0)) is not None:
        if isinstance(call, ListRequest):
            lists += 1
            batching.answered(call, (), 0.0)
        else:
            batching.update_fields(of_file(call.job_id, f"{call.job_id}.csv"))

    assert lists <= 4


def test_newcomer_that_left_is_not_asked_for():
    batching = ListBatching()
    batching.join([1, 2])

    batching.leave(1)

    assert [batching.first_call(0.0), batching.first_call(0.0)] == [JobRequest(2), None]


FILES = st.sampled_from(["a.csv", "b.csv", None])
PLACES = st.sampled_from(["W01", "W02", None])


@given(
    st.dictionaries(st.integers(1, 60), st.tuples(FILES, PLACES), min_size=1, max_size=60),
    st.sampled_from([0, 3, 100]),
    st.randoms(use_true_random=False),
)
def test_every_job_gets_a_call_that_can_bring_it_whatever_lists_hold(fields, most, rng):
    """However little the lists hold, each job is brought by a list or asked for alone within few calls."""
    jobs = {job_id: job(job_id, originalFilename=file, locationCode=place) for job_id, (file, place) in fields.items()}
    batching = knowing(*jobs.values())
    waiting, now_s = set(jobs), 0.0
    for _ in range(len(jobs) + 12):
        if not waiting:
            break
        now_s += 6.0
        call = batching.call_for(min(waiting), now_s)
        if isinstance(call, JobRequest):
            waiting.discard(call.job_id)
            continue
        query = call.query
        held = [
            each
            for each in jobs.values()
            if query.original_filename in {None, each.original_filename}
            and query.location_code in {None, each.location_code}
        ]
        brought = rng.sample(held, min(most, len(held)))
        batching.answered(call, brought, now_s)
        waiting -= {each.job_id for each in brought}

    assert waiting == set()


def test_newcomer_that_somebody_looks_at_waits_for_one_list_at_most():
    batching = ListBatching()
    batching.join(range(1, 41))
    read(batching, batching.first_call(0.0, {40}))  # the bare list, which may bring it with all others

    assert batching.first_call(1.0, {40}) == JobRequest(40)
    batching.update_fields(of_file(40))
    assert batching.first_call(2.0, {39}).query.unlimited == FILE
    assert batching.first_call(3.0, {39}) == JobRequest(39)


def failed_twice():
    """A batching of two jobs whose only list has failed until it is left alone."""
    batching = without_bare_list(knowing(of_file(1), of_file(2)))
    for _ in range(2):
        batching.failed(batching.call_for(1, 0.0), ServerFault("broken"), 0.0)
    return batching


def test_list_that_failed_twice_is_left_alone_for_half_a_minute():
    batching = failed_twice()

    assert batching.call_for(1, 29.9) == JobRequest(1)
    assert batching.call_for(1, 30.0).query.unlimited == FILE


def test_list_that_no_job_belongs_to_any_more_loses_its_failures_and_its_pause():
    batching = failed_twice()
    for job_id in (1, 2):
        batching.leave(job_id)
    batching.join([3, 4])
    batching.update_fields(of_file(3))
    batching.update_fields(of_file(4))

    call = batching.call_for(3, 1.0)
    batching.failed(call, ServerFault("broken"), 1.0)

    assert call.query.unlimited == FILE
    assert batching.call_for(3, 1.0).query.unlimited == FILE


def test_list_that_no_job_belongs_to_any_more_loses_what_it_held():
    batching = knowing(of_file(1), of_file(2))
    read(
        batching,
        batching.call_for(1, 0.0),
        of_file(1),
        of_file(2),
        strangers=[of_file(job_id) for job_id in range(100, 600)],
    )
    for job_id in (1, 2):
        batching.leave(job_id)
    batching.join([3, 4])
    batching.update_fields(of_file(3))
    batching.update_fields(of_file(4))

    assert batching.call_for(3, 0.1).query.unlimited == FILE


def test_failures_of_a_list_start_again_after_an_answer():
    batching = without_bare_list(knowing(of_file(1), of_file(2)))
    call = batching.call_for(1, 0.0)
    batching.failed(call, ServerFault("broken"), 0.0)
    read(batching, call, of_file(1), of_file(2))

    batching.failed(call, ServerFault("broken"), 5.0)

    assert batching.call_for(1, 10.0).query.unlimited == FILE


FILE_LIST = ListRequest(FILE, frozenset({1, 2}))


def is_listed(batching, now_s):
    call = batching.call_for(1, now_s)
    return isinstance(call, ListRequest) and call.query.unlimited == FILE


@pytest.mark.parametrize(
    ("error", "failures", "rest_s"),
    [
        *(
            (ServerFault("broken"), failures, rest_s)
            for failures, rest_s in ((2, 30), (3, 60), (4, 120), (5, 240), (6, 300), (20, 300))
        ),
        (UNAUTHORIZED, 2, 300),
        (AnswerTooLarge("over 5 MB"), 2, 300),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_rest_of_a_list_doubles_with_each_failure_up_to_five_minutes(error, failures, rest_s):
    batching = without_bare_list(knowing(of_file(1), of_file(2)))
    for _ in range(failures):
        batching.failed(FILE_LIST, error, 1000.0)

    assert [is_listed(batching, 1000.0 + rest_s + later_s) for later_s in (-0.1, 0)] == [False, True]


def test_filter_that_the_server_ignored_is_tried_again_after_half_an_hour():
    batching = knowing(*map(of_file, (1, 2, 3)))
    read(batching, batching.call_for(1, 0.0), of_file(1), of_file(2), strangers=[of_file(9, "b.csv")])

    assert [is_listed(batching, now_s) for now_s in (1799.9, 1800.0)] == [False, True]


@pytest.mark.parametrize(("size", "pause_s"), [(100, 1.0), (500, 5.0), (900, 5.0)])
def test_list_is_read_again_after_a_pause_for_its_length(size, pause_s):
    jobs = [of_file(job_id) for job_id in range(1, size + 1)]
    batching = knowing(*jobs)
    read(batching, batching.call_for(1, 0.0), *jobs)

    waits = batching.call_for(1, pause_s - 0.1)

    assert (waits.until_s, is_listed(batching, pause_s)) == (pause_s, True)
