import pytest

from tests.support.app_harness import desk
from tests.support.factories import job

THREE = {
    1: [job(1, "FAILED", type="REFRESH", locationCode="W01", messages=["UPC 1 not found"])],
    2: ["WORKING"],
    3: ["PENDING"],
}
SIZES = [(80, 24), (120, 40), (200, 50), (59, 24), (80, 14), (20, 5), (60, 18), (1, 1)]
IDS = [f"{width}x{height}" for width, height in SIZES]
EVERY_KEY = [*"jkGgmjm1", "escape", *"23]][w4lh|fft/a", "escape"]


def shown(it):
    return {part for part in ("input", "jobs", "detail", "deck") if getattr(it.screen, part).size.area}


@pytest.mark.parametrize("size", SIZES, ids=IDS)
async def test_every_part_and_layout_can_be_visited_at_every_size(size):
    async with desk(THREE, size=size) as it:
        for key in [*EVERY_KEY, "vertical_line", "vertical_line", "4", "f", "question_mark", "escape"]:
            await it.pilot.press(key)
        await it.pilot.pause()

        assert it.app.bug is None
        assert it.app.is_running


@pytest.mark.parametrize("size", SIZES[:5], ids=IDS[:5])
async def test_statuses_are_whole_at_every_size(size):
    async with desk(THREE, size=size) as it:
        for job_id, status in ((1, "✖ FAILED"), (2, "▶ WORKING"), (3, "· PENDING")):
            assert status in it.row_of(job_id)


async def test_status_of_the_current_job_is_whole_in_twenty_by_five():
    async with desk(THREE, size=(20, 5)) as it:
        assert "FAILED" in it.text


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        ((80, 24), {"input", "jobs", "detail"}),
        ((120, 40), {"input", "jobs", "detail"}),
        ((59, 24), {"jobs"}),
        ((80, 14), {"jobs"}),
        ((60, 18), {"input", "jobs", "detail"}),
    ],
    ids=["80x24", "120x40", "59x24", "80x14", "60x15"],
)
async def test_parts_in_sight(size, parts):
    async with desk(THREE, size=size) as it:
        assert shown(it) == parts


async def test_detail_is_below_the_list_on_a_narrow_screen_and_beside_it_on_a_wide_one():
    places = {}
    for width in (149, 150):
        async with desk(THREE, size=(width, 40)) as it:
            places[width] = it.detail.region.y > it.jobs.region.y, it.detail.region.x > it.jobs.region.x

    assert places == {149: (True, False), 150: (False, True)}


@pytest.mark.parametrize(
    ("size", "keys", "width"),
    [
        pytest.param((80, 24), "", 0, id="over-the-detail"),
        pytest.param((80, 24), "|", 1, id="without-detail"),
        pytest.param((80, 24), "f", 1, id="full-screen"),
        pytest.param((160, 40), "", 1, id="beside-the-detail"),
        pytest.param((59, 24), "2", 1, id="alone-where-it-is-narrow"),
        pytest.param((80, 14), "2", 1, id="alone-where-it-is-low"),
    ],
)
async def test_list_has_no_scrollbar_over_the_detail(size, keys, width):
    async with desk({number: ["PENDING"] for number in range(101, 161)}, size=size) as it:
        await it.press(*keys)

        assert it.jobs.scrollbar_size_vertical == width


@pytest.mark.parametrize("height", range(18, 25))
async def test_detail_has_eight_lines_on_a_low_screen(height):
    async with desk(THREE, size=(80, height)) as it:
        jobs, detail = it.jobs.outer_size.height, it.detail.outer_size.height

        assert detail in {8, 9}
        assert 1 + 1 + jobs + detail + 1 == height


async def test_detail_below_the_jobs_takes_two_fifths():
    async with desk(THREE, size=(80, 53)) as it:
        assert it.detail.outer_size.height == 20


@pytest.mark.parametrize(
    ("size", "key"), [((160, 40), "3"), ((80, 40), "f"), ((59, 40), "3")], ids=["wide", "full", "narrow"]
)
async def test_detail_beside_the_jobs_or_alone_takes_the_height_there_is(size, key):
    async with desk(THREE, size=size) as it:
        await it.press("3", key)

        assert it.detail.outer_size.height >= 35


async def test_resizing_there_and_back_changes_nothing():
    async with desk(THREE) as it:
        before = it.lines[4:]
        for size in [(20, 5), (200, 50), (59, 24), (80, 14), (80, 24)]:
            await it.pilot.resize_terminal(*size)
            await it.pilot.pause()

        await it.until(lambda: it.lines[4:] == before)


@pytest.mark.parametrize("size", [(59, 24), (80, 14), (20, 5)], ids=["59x24", "80x14", "20x5"])
@pytest.mark.parametrize(("key", "part"), [("1", "input"), ("2", "jobs"), ("3", "detail"), ("4", "deck")])
async def test_part_that_is_jumped_to_is_alone_where_there_is_little_room(size, key, part):
    async with desk(THREE, size=size) as it:
        await it.press(key)

        assert shown(it) == {part}
        assert getattr(it.screen, part).has_focus


@pytest.mark.parametrize(
    ("key", "part"), [("1", "input"), ("a", "input"), ("i", "input"), ("2", "jobs"), ("3", "detail"), ("4", "deck")]
)
async def test_digits_jump_to_parts(key, part):
    async with desk(THREE) as it:
        await it.press(key)

        assert it.screen.panes.current == part
        assert getattr(it.screen, part).has_focus
        assert part in shown(it)


async def test_tab_walks_the_parts_in_sight_and_back():
    async with desk(THREE) as it:
        walked = []
        for key in ("tab", "tab", "tab", "shift+tab"):
            await it.press(key)
            walked.append(it.screen.panes.current)

        assert walked == ["detail", "input", "jobs", "input"]


@pytest.mark.parametrize("size", [(59, 24), (61, 16), (20, 5)], ids=["59x24", "61x16", "20x5"])
async def test_tab_walks_all_parts_where_one_at_a_time_is_shown(size):
    async with desk(THREE, size=size) as it:
        walked = []
        for key in ("tab", "tab", "tab", "tab", "shift+tab", "shift+tab"):
            await it.press(key)
            walked.append((it.screen.panes.current, *shown(it)))

        assert walked == [(part, part) for part in ("detail", "deck", "input", "jobs", "input", "deck")]


async def test_tab_walks_full_screens():
    async with desk(THREE) as it:
        await it.press("f", "tab")

        assert shown(it) == {"detail"}
        assert it.detail.has_focus


async def test_tab_in_the_prompt_closes_it_and_goes_on():
    async with desk(THREE) as it:
        await it.press("slash", *"failed", "tab")

        assert it.detail.has_focus
        assert it.jobs.visible_ids == (1,)
        assert "[ ] tab" in it.lines[-1]


async def test_bar_walks_the_layouts():
    async with desk(THREE) as it:
        seen = []
        for _ in range(3):
            await it.press("vertical_line")
            seen.append(shown(it))

        assert seen == [{"input", "jobs"}, {"input", "jobs", "deck"}, {"input", "jobs", "detail"}]


async def test_layout_without_the_part_in_focus_gives_the_focus_to_the_jobs():
    async with desk(THREE) as it:
        await it.press("3", "vertical_line")

        assert it.screen.panes.current == "jobs"
        assert it.jobs.has_focus


@pytest.mark.parametrize(("key", "part"), [("2", "jobs"), ("3", "detail"), ("4", "deck")])
async def test_f_shows_the_part_alone_and_escape_brings_the_rest_back(key, part):
    async with desk(THREE) as it:
        await it.press(key)
        before = shown(it)
        await it.press("f")
        alone = shown(it)
        await it.press("escape")

        assert alone == {part}
        assert shown(it) == before
        assert getattr(it.screen, part).has_focus


@pytest.mark.parametrize(
    ("keys", "part"),
    [("f4f", "deck"), ("4f3f", "detail"), ("|f3f", "detail")],
    ids=["deck", "detail-from-deck", "detail-from-list"],
)
async def test_part_gone_to_in_full_screen_stays_in_sight_behind_it(keys, part):
    async with desk(THREE) as it:
        await it.press(*({"|": "vertical_line"}.get(key, key) for key in keys))

        assert part in shown(it)
        assert getattr(it.screen, part).has_focus


async def test_full_screen_has_no_frame():
    async with desk(THREE) as it:
        await it.press("f")

        assert "STATUS" in it.lines[0]
        assert "━" not in it.text


async def test_escape_goes_back_to_the_jobs():
    async with desk(THREE) as it:
        await it.press("3", "escape")

        assert it.jobs.has_focus


async def test_app_without_jobs_begins_in_the_input():
    async with desk() as it:
        assert it.input.has_focus
        assert "No jobs yet." in it.text


@pytest.mark.parametrize("size", SIZES[:5], ids=IDS[:5])
async def test_part_in_focus_has_its_keys_in_the_bottom_line(size):
    async with desk(THREE, size=size) as it:
        await it.press("3")

        assert "[ ] tab" in it.lines[-1]


async def test_click_that_another_layout_overtakes_leaves_the_keys_where_they_are_seen():
    async with desk(THREE) as it:
        await it.press("m", "4", "f9", "2")

        it.screen.set_focus(it.deck)  # as a click does, whose message comes behind the key
        it.screen.action_layout()
        await it.settle()

        assert (it.screen.panes.layout_name, it.screen.panes.current) == ("split", "jobs")
        assert it.jobs.has_focus
        await it.press("tab")
        assert it.screen.panes.current == "detail"
