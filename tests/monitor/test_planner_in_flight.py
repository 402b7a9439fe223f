from tui.domain.job_source import JobQuery
from tui.monitor.list_batching import Departure, ListCall, OneJob
from tui.monitor.planner import UnderWay

FILE = JobQuery(original_filename="a.csv", limit=100)


def departure(call, *job_ids, is_scout=False):
    return Departure(call, dict.fromkeys(job_ids, 0.0), at_s=0.0, late_s=0.0, is_scout=is_scout)


def test_job_is_brought_until_the_last_call_for_it_has_arrived():
    under_way, alone, listed = UnderWay(), departure(OneJob(1), 1), departure(ListCall(FILE, frozenset()), 1, 2)
    under_way.left(alone)
    under_way.left(listed)

    under_way.arrived(alone)
    before = under_way.brings(1)
    under_way.arrived(listed)

    assert (before, under_way.brings(1)) == (True, False)


def test_list_is_read_whatever_its_limit():
    under_way = UnderWay()
    under_way.left(departure(ListCall(FILE, frozenset())))

    assert under_way.reads(FILE.unlimited)
    assert not under_way.reads(JobQuery())


def test_only_a_scout_scouts():
    under_way, scout = UnderWay(), departure(ListCall(FILE, frozenset()), is_scout=True)
    under_way.left(departure(ListCall(FILE, frozenset())))
    before = under_way.is_scouting
    under_way.left(scout)

    assert (before, under_way.is_scouting) == (False, True)
