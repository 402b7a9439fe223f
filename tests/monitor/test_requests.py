from tui.domain.job_source import JobQuery
from tui.monitor.requests import InFlightRequest, InFlightRequests, JobRequest, ListRequest

FILE = JobQuery(original_filename="a.csv", limit=100)


def request(call, *job_ids, is_scout=False):
    return InFlightRequest(call, dict.fromkeys(job_ids, 0.0), at_s=0.0, late_s=0.0, is_scout=is_scout)


def test_job_is_brought_until_the_last_call_for_it_has_arrived():
    in_flight, alone, listed = (
        InFlightRequests(),
        request(JobRequest(1), 1),
        request(ListRequest(FILE, frozenset()), 1, 2),
    )
    in_flight.add(alone)
    in_flight.add(listed)

    in_flight.remove(alone)
    before = in_flight.brings(1)
    in_flight.remove(listed)

    assert (before, in_flight.brings(1)) == (True, False)


def test_list_is_read_whatever_its_limit():
    in_flight = InFlightRequests()
    in_flight.add(request(ListRequest(FILE, frozenset())))

    assert in_flight.reads(FILE.unlimited)
    assert not in_flight.reads(JobQuery())


def test_only_a_scout_scouts():
    in_flight, scout = InFlightRequests(), request(ListRequest(FILE, frozenset()), is_scout=True)
    in_flight.add(request(ListRequest(FILE, frozenset())))
    before = in_flight.is_scouting
    in_flight.add(scout)

    assert (before, in_flight.is_scouting) == (False, True)
