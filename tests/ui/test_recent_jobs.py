"""The recent jobs of the tenant: shown by an empty app and by `F`, filtered, and watched with one key."""

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.domain.errors import Unreachable

LISTED = {
    501: job(501, "SUCCESS", added="2026-01-02T03:04:05Z", locationCode="W01", originalFilename="inv_1.csv"),
    503: job(503, "FAILED", added="2026-01-02T05:04:05Z", locationCode="W02", originalFilename="inv_2.csv"),
    502: job(502, "WORKING", added="2026-01-02T04:04:05Z", locationCode="W03", type="ADJUST"),
}


def opened(scripts=None, *, listed=LISTED, **options):
    """Open an app that shows recent jobs; those of its tenant are `listed`."""
    return desk(scripts, has_recent_jobs=True, listed=listed, **options)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_an_empty_app_lists_the_recent_jobs_newest_first(size):
    async with opened(size=size) as it:
        await it.until(lambda: "503" in it.text)

        places = [it.text.index(str(job_id)) for job_id in (503, 502, 501)]
        assert places == sorted(places)
        assert it.app.focused is it.screen.panes.recent


async def test_enter_watches_the_job_under_the_cursor_and_shows_the_list():
    async with opened() as it:
        await it.until(lambda: "503" in it.text)

        await it.press("j", "enter")

        await it.until(lambda: it.watched == (502,))
        assert not it.screen.recent.is_shown
        assert it.app.focused is it.jobs


async def test_one_list_is_requested():
    async with opened({7: ["PENDING"]}) as it:
        await it.press("F")
        await it.until(lambda: "503" in it.text)

        assert len(it.source.lists) == 1


async def test_text_that_is_no_key_goes_to_the_input():
    async with opened() as it:
        await it.until(lambda: "503" in it.text)

        await it.press(*"stock.csv")

        assert it.input.value == "stock.csv"
        assert it.app.focused is it.input


async def test_digits_go_to_the_input():
    async with opened() as it:
        await it.until(lambda: "503" in it.text)

        await it.press(*"501", "enter")

        await it.until(lambda: it.watched == (501,))
        assert not it.screen.recent.is_shown


async def test_a_tenant_without_jobs_says_so():
    async with opened({7: ["PENDING"]}, listed={}) as it:
        await it.press("F")

        await it.until(lambda: "The tenant has no jobs yet." in it.text)


async def test_an_empty_app_of_a_tenant_without_jobs_begins_in_the_input():
    async with opened(listed={}) as it:
        await it.until(lambda: it.source.lists and "No jobs yet." in it.text)

        assert it.app.focused is it.input


async def test_an_outage_says_why_and_r_reads_again():
    async with opened(list_trouble=Unreachable("no route to the API")) as it:
        await it.until(lambda: "no route to the API" in it.text)
        it.source.list_trouble = None

        await it.press("r")

        await it.until(lambda: "503" in it.text)


async def test_find_shows_recent_jobs_over_watched_ones_and_esc_leaves():
    async with opened({7: ["PENDING"]}) as it:
        await it.press("F")
        await it.until(lambda: "503" in it.text)

        await it.press("escape")

        assert "503" not in it.text
        assert it.app.focused is it.jobs


async def test_slash_filters_the_recent_jobs_and_esc_clears_it_first():
    async with opened() as it:
        await it.until(lambda: "503" in it.text)

        await it.press("slash", *"loc:W03", "enter")
        await it.until(lambda: "503" not in it.text)
        assert "502" in it.text
        assert "1 of 3 jobs" in it.text

        await it.press("escape")
        await it.until(lambda: "503" in it.text)


async def test_find_in_the_palette_takes_the_filter():
    async with opened({7: ["PENDING"]}) as it:
        await it.press(":", *"find status:failed", "enter")

        await it.until(lambda: "503" in it.text)
        assert "502" not in it.text


async def test_a_filter_with_a_mistake_names_it():
    async with opened({7: ["PENDING"]}) as it:
        await it.press(":", *"find status:nonsense", "enter")

        assert "nonsense" in it.lines[-1]
        assert not it.screen.recent.is_shown


@pytest.mark.parametrize("key", ["x", "m", "s", "space"])
async def test_a_key_for_watched_jobs_leaves_the_hidden_ones_alone_and_says_why(key):
    async with opened({7: ["PENDING"]}) as it:
        await it.press("F")
        await it.until(lambda: "503" in it.text)

        await it.press(key)

        assert "for watched jobs only" in it.lines[-1]
        assert it.watched == (7,)


async def test_text_in_the_input_keeps_the_focus_when_the_recent_jobs_appear():
    async with opened() as it:
        await it.press("9", "9")
        await it.until(lambda: "503" in it.text)

        assert it.app.focused is it.input


async def test_an_app_with_jobs_of_its_own_requests_no_recent_ones():
    async with opened({7: ["PENDING"]}) as it:
        assert it.source.lists == []
        assert it.app.focused is it.jobs


async def test_leaving_in_the_same_burst_returns_the_focus_to_the_list():
    async with opened({7: ["PENDING"], 8: ["PENDING"]}) as it:
        it.type_ahead("F\x1bj")
        await it.until(lambda: it.source.lists)
        await it.settle()

        assert not it.screen.recent.is_shown
        assert it.app.focused is it.jobs
