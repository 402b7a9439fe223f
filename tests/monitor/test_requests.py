from tui.domain.job_source import JobQuery
from tui.monitor.requests import InFlightRequest, InFlightRequests, JobRequest, ListRequest

FILE = JobQuery(original_filename="a.csv", limit=100)


def departure(call, *job_ids, is_scout=False):
    return InFlightRequest(call, dict.fromkeys(job_ids, 0.0), at_s=0.0, late_s=0.0, is_scout=is_scout)


def test_job_is_brought_until_the_last_call_for_it_has_arrived():
    under_way, alone, listed = (
        InFlightRequests(),
        departure(JobRequest(1), 1),
        departure(ListRequest(FILE, frozenset()), 1, 2),
    )
    under_way.left(alone)
    under_way.left(listed)

    under_way.arrived(alone)
    before = under_way.brings(1)
    under_way.arrived(listed)

    assert (before, under_way.brings(1)) == (True, False)


def test_list_is_read_whatever_its_limit():
    under_way = InFlightRequests()
    under_way.left(departure(ListRequest(FILE, frozenset())))

    assert under_way.reads(FILE.unlimited)
    assert not under_way.reads(JobQuery())


def test_only_a_scout_scouts():
    under_way, scout = InFlightRequests(), departure(ListRequest(FILE, frozenset()), is_scout=True)
    under_way.left(departure(ListRequest(FILE, frozenset())))
    before = under_way.is_scouting
    under_way.left(scout)

    assert (before, under_way.is_scouting) == (False, True)
