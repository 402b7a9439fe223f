from collections import deque

import pytest
from textual import events

from tests.support.app_harness import desk
from tests.support.factories import job
from tui.domain.selection import Selection
from tui.ui.terminal.events import TextRun

LOG = "2026-11-23T09:30:03Z ERROR jobID=884213 failed\n2026-11-23T09:30:04Z INFO jobID=884214 done\n"


@pytest.mark.parametrize(
    ("typed", "verdict", "is_bad"),
    [
        pytest.param("", "", False, id="nothing"),
        pytest.param("5", "1 job: enter adds", False, id="one"),
        pytest.param("1-6", "6 jobs, 2 already watched: enter adds", False, id="some-watched"),
        pytest.param(
            "5 x",
            "'x' is no job id: give 884213, 884213-884220 or a URL with /queue/884213 (character 3)",
            True,
            id="wrong",
        ),
        pytest.param("8-5", "range 8-5 runs backwards: write 5-8 (character 1)", True, id="backwards"),
        pytest.param("job 884213 failed", "1 job found in the text: enter adds", False, id="named"),
        pytest.param("see 884213", "1 job guessed from the text: enter adds", False, id="guess"),
        pytest.param("102 - 103", "2 jobs, range 102-103: enter adds", False, id="range"),
        pytest.param("a201-203", "3 jobs: enter adds", False, id="letter-before-ids"),
        pytest.param(
            "tenantID 30294 jobID 884213 items 3000",
            "1 job found in the text: enter adds; 2 numbers skipped: tenantID 30294, items 3000",
            False,
            id="skipped",
        ),
        pytest.param("inv_0930.csv", "file inv_0930.csv: enter watches its jobs", False, id="file"),
        pytest.param("KIBO_REFRESH_*", "file KIBO_REFRESH_*: enter watches its jobs", False, id="pattern"),
        pytest.param(
            '{"jobID": null, "method": "sync"}', "the work was done at once, without a job", False, id="done-at-once"
        ),
        pytest.param('{"jobIDs": []}', "no job in this response: a dry run?", False, id="no-job"),
        pytest.param('{"message": "Tenant suspended"}', "Tenant suspended", True, id="error"),
        pytest.param(
            "job 5, jobs 1-20000",
            "1 job found in the text: enter adds; not followed: range 1-20000, which holds 20,000 ids",
            True,
            id="doubt",
        ),
    ],
)
async def test_input_says_at_once_what_it_understood(typed, verdict, is_bad):
    async with desk({1: ["PENDING"], 2: ["PENDING"]}, size=(120, 40)) as it:
        await it.press("a", *typed)
        await it.settle()

        assert str(it.input.border_subtitle or "").replace("\\[", "[") == verdict
        assert it.input.has_class("-bad") is is_bad


async def test_enter_adds_the_jobs_and_goes_to_the_list():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("a", *"5-7", "enter")
        await it.until(lambda: it.watched == (1, 5, 6, 7))

        assert it.jobs.has_focus
        assert it.input.value == ""
        assert it.jobs.cursor == 1


async def test_enter_on_what_is_no_job_keeps_it_for_mending():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("a", *"8-5", "enter")

        assert it.input.value == "8-5"
        assert it.input.has_focus
        assert it.watched == (1,)


async def test_job_that_is_watched_already_is_gone_to():
    async with desk({1: ["PENDING"], 2: ["PENDING"], 3: ["PENDING"]}) as it:
        await it.press("a", "3", "enter")
        await it.until(lambda: it.jobs.cursor == 3)

        assert it.watched == (1, 2, 3)


@pytest.mark.parametrize(
    ("keys", "values"),
    [
        pytest.param(["up", "up", "up", "down", "down"], ["6", "5", "5", "6", ""], id="nothing-typed"),
        pytest.param(["7", "7", "up", "down", "down"], ["7", "77", "6", "77", "77"], id="typed"),
        pytest.param(["7", "up", "up", "down", "down"], ["7", "6", "5", "6", "7"], id="typed-and-two-back"),
        pytest.param(["up", "4", "up", "down", "down"], ["6", "64", "5", "64", ""], id="earlier-input-changed"),
        pytest.param(["7", "down"], ["7", "7"], id="down-alone"),
    ],
)
async def test_up_and_down_walk_through_what_was_given_and_keep_what_is_typed(keys, values):
    async with desk({1: ["PENDING"]}) as it:
        await it.press("a", "5", "enter", "a", "6", "enter", "a")
        seen = []
        for key in keys:
            await it.press(key)
            seen.append(it.input.value)

        assert seen == values


async def test_changed_earlier_input_is_as_it_was_given_once_another_is_given():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("a", "5", "enter", "a", "up", "4", "down", "6", "enter", "a", "up", "up")

        assert it.input.value == "5"


async def test_up_without_history_keeps_what_is_typed_and_the_cursor():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("a", *"77,88", "left", "up", "down", "9")

        assert it.input.value == "77,898"


async def test_letters_in_the_input_are_no_commands():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("a", *"jxqpR?")

        assert it.input.value == "jxqpR?"
        assert it.app.is_running
        assert it.watched == (1,)


@pytest.mark.parametrize("part", ["1", "2", "3", "4"])
async def test_paste_anywhere_goes_to_the_input(part):
    async with desk({1: ["PENDING"]}) as it:
        await it.press(part)

        it.app.post_message(events.Paste(LOG))
        await it.until(lambda: it.input.value != "")

        assert it.input.value == "884213,884214"
        assert it.screen.panes.current == "input"


async def test_pasted_jobs_are_watched_on_enter():
    async with desk({1: ["PENDING"]}) as it:
        it.app.post_message(events.Paste(LOG))
        await it.until(lambda: it.input.value != "")
        await it.press("enter")

        await it.until(lambda: it.watched == (1, 884213, 884214))


async def test_second_paste_is_put_behind_the_first():
    async with desk() as it:
        it.app.post_message(events.Paste("5\n6\n"))
        await it.until(lambda: it.input.value == "5,6")

        it.app.post_message(events.Paste("884213"))

        await it.until(lambda: it.input.value == "5,6,884213")


async def test_paste_without_ids_is_put_there_on_one_line():
    async with desk() as it:
        it.app.post_message(events.Paste("hello\n\tworld " + "x" * 1000))
        await it.until(lambda: it.input.value != "")

        assert it.input.value.startswith("hello world xxx")
        assert len(it.input.value) == 200


async def test_paste_with_control_characters_sends_none_of_them():
    async with desk() as it:
        it.app.post_message(events.Paste("\x1b]52;c;eA==\x07\x9b2J\u202e"))
        await it.until(lambda: it.input.value != "")
        await it.settle()

        assert not set("\x1b\x07\x9b\u202e") & set(it.text)


async def test_hostile_values_send_no_control_character():
    evil = "\x1b]52;c;eA==\x07[@click=app.quit]x[/]\u202e\x9b2J"
    sent = dict.fromkeys(("type", "locationCode", "originalFilename", "added", evil), evil)
    async with desk({1: [job(1, evil, **sent, messages=[evil])]}) as it:
        for keys in ("", "3", "]", "]", "24m", "4"):
            await it.press(*keys)

            assert not set("\x1b\x07\x9b\u202e") & set(it.text)
        assert it.app.is_running


async def test_long_list_is_added_in_one_go():
    async with desk() as it:
        await it.press(*"1-10000", "enter")
        await it.until(lambda: len(it.watched) == 10_000)

        assert it.jobs.cursor == 1


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        pytest.param("", ",".join(map(str, range(1000, 4001))), id="alone"),
        pytest.param("\x7f\x7f9", f"{','.join(map(str, range(1000, 4000)))},409", id="other-keys-behind"),
    ],
)
async def test_heap_of_letters_changes_the_text_once(keys, value):
    async with desk() as it:
        values = []
        it.screen.watch(it.input, "value", lambda value: values.append(value), init=False)

        it.type_ahead(",".join(map(str, range(1000, 4001))) + keys)
        await it.until(lambda: it.input.value == value)

        assert len(values) == 1 + len(keys)


async def test_heap_replaces_what_is_selected_and_goes_to_the_cursor():
    async with desk({1: ["PENDING"]}) as it:
        await it.press("a", *"1234", "shift+left", "shift+left")

        it.type_ahead("567")
        await it.until(lambda: it.input.value != "1234")
        it.type_ahead("8")
        await it.until(lambda: it.input.value == "125678")


async def test_text_is_read_once_for_changes_that_are_made_at_once():
    async with desk({1: ["PENDING"]}) as it:
        asked = []
        it.input.watched = SpyIds(asked)
        it.app._rested_s = float("inf")  # however slow this machine is, the keys belong to one stretch

        it.type_ahead("a5\x7f6\x7f7")
        await it.until(lambda: it.input.value == "7")
        await it.settle()

        assert asked == [7]


class SpyIds(frozenset):
    """No ids; remembers which were asked for."""

    def __new__(cls, _asked):
        return super().__new__(cls)

    def __init__(self, asked):
        self._asked = asked

    def __contains__(self, job_id):
        self._asked.append(job_id)
        return False


async def test_long_text_is_shown():
    async with desk(size=(80, 24)) as it:
        it.type_ahead(",".join(map(str, range(1000, 1040))))
        await it.until(lambda: it.input.value.endswith("1039"))
        await it.settle()

        assert "1037,1038,1039" in it.lines[1]
        assert "40 jobs: enter adds" in it.lines[2]


async def test_ids_that_were_picked_out_of_a_pasted_text_are_called_so_until_they_are_changed():
    async with desk(size=(120, 40)) as it:
        verdicts = []
        for act in (lambda: it.app.post_message(events.Paste(LOG)), lambda: it.app.post_message(events.Paste("5"))):
            before = it.input.value
            act()
            await it.until(lambda before=before: it.input.value != before)
            await it.settle()
            verdicts.append(str(it.input.border_subtitle))
        await it.press("backspace", "6")
        await it.settle()
        verdicts.append(str(it.input.border_subtitle))

        assert verdicts[0].startswith("2 jobs found in the text: enter adds")
        assert verdicts[1].startswith("3 jobs found in the text: enter adds")
        assert verdicts[2] == "3 jobs: enter adds"


async def test_ids_that_were_pasted_as_such_are_no_guess():
    async with desk(size=(120, 40)) as it:
        it.app.post_message(events.Paste("884213\n884214\n"))
        await it.until(lambda: it.input.value != "")
        await it.settle()

        assert str(it.input.border_subtitle) == "2 jobs: enter adds"


async def test_a_paste_says_what_was_skipped_until_it_is_changed():
    async with desk(size=(120, 40)) as it:
        it.app.post_message(events.Paste("tenantID,jobID,itemCount\n30294,884213,3000\n30294,884214,3012\n"))
        await it.until(lambda: it.input.value == "884213,884214")
        await it.settle()
        pasted = str(it.input.border_subtitle)
        await it.press("backspace")
        await it.settle()

        assert pasted == "2 jobs found in the text: enter adds; 2 numbers skipped: tenantID 30294, itemCount 3000"
        assert str(it.input.border_subtitle) == "2 jobs: enter adds"


async def test_a_pasted_error_keeps_its_words():
    async with desk(size=(120, 40)) as it:
        it.app.post_message(
            events.Paste('HTTP/1.1 401 Unauthorized\r\n\r\n{"message": "token expired", "filler": "' + "x" * 500 + '"}')
        )
        await it.until(lambda: it.input.value != "")
        await it.settle()
        await it.press("enter")

        assert str(it.input.border_subtitle) == "token expired (HTTP 401)"
        assert it.watched == ()


@pytest.mark.parametrize("file", ["inv_0930.csv", "inv_*"])
async def test_enter_on_a_file_watches_its_jobs_late_ones_included(file):
    fields = {"originalFilename": "inv_0930.csv"}
    async with desk({1: [job(1, "WORKING", **fields)]}) as it:
        late = {2: job(2, "PENDING", **fields), 3: job(3, "PENDING", originalFilename="other.csv")}
        it.source.listed = late
        await it.press("a", *file, "enter")
        await it.until(lambda: it.watched == (1, 2))

        assert it.jobs.has_focus
        assert it.input.value == ""


async def test_file_without_jobs_is_said_beside_other_jobs():
    async with desk({1: ["SUCCESS"]}, size=(80, 24)) as it:
        await it.until(lambda: "all ended" in it.lines[0])
        await it.press("a", *"inv_0930.csv", "enter")
        await it.until(lambda: "no job yet of inv_0930.csv" in it.text)
        await it.until(lambda: "no job of inv_0930.csv yet" in it.lines[0])
        assert "ended" not in it.lines[0]

        it.source.listed = {2: job(2, "SUCCESS", originalFilename="inv_0930.csv")}
        it.answer(2, it.source.listed[2])
        await it.until(lambda: "all known ended, there may be more" in it.lines[0])
        assert "no job" not in it.text


async def test_action_ends_the_watch_of_a_file():
    async with desk({1: ["SUCCESS"]}, size=(80, 24)) as it:
        await it.press("a", *"inv_0930.csv", "enter")
        await it.until(lambda: "no job yet of inv_0930.csv" in it.text)

        it.type_ahead(":stop watching\r")

        await it.until(lambda: it.screen.scene.snapshot.lists == ())
        await it.until(lambda: "all ended" in it.lines[0])


async def test_jobs_that_an_earlier_session_removed_stay_removed_until_they_are_put_back():
    fields = {"originalFilename": "inv_0930.csv"}
    async with desk(job_ids=(), selections=(Selection("inv_0930.csv"),), removed=(2,)) as it:
        it.source.listed = {number: job(number, "WORKING", **fields) for number in (1, 2, 3)}
        it.source.scripts = {number: deque([listed]) for number, listed in it.source.listed.items()}
        await it.until(lambda: it.watched == (1, 3))

        await it.press("u")

        await it.until(lambda: set(it.watched) == {1, 2, 3})


async def test_list_whose_jobs_were_removed_does_not_say_that_there_was_none():
    async with desk(job_ids=(), selections=(Selection("inv_0930.csv"),)) as it:
        it.source.listed = {1: job(1, "WORKING", originalFilename="inv_0930.csv")}
        it.answer(1, it.source.listed[1])
        await it.until(lambda: it.watched == (1,))

        await it.press("x")

        await it.until(lambda: "all known jobs of inv_0930.csv were removed: u restores them" in it.text)


# names of files


@pytest.mark.parametrize(
    ("typed", "value", "verdict"),
    [
        ("inv_0930.csv", "inv_0930.csv", "file inv_0930.csv: enter watches its jobs"),
        ("adjust_0930.csv", "adjust_0930.csv", "file adjust_0930.csv: enter watches its jobs"),
        ("ainv_0930.csv", "inv_0930.csv", "file inv_0930.csv: enter watches its jobs"),
        ("aadjust_0930.csv", "adjust_0930.csv", "file adjust_0930.csv: enter watches its jobs"),
        ("iKIBO_REFRESH_*", "KIBO_REFRESH_*", "file KIBO_REFRESH_*: enter watches its jobs"),
        ("abc.csv", "bc.csv", "file bc.csv: enter watches its jobs; or is it abc.csv?"),
        ("a201-203", "201-203", "3 jobs: enter adds"),
        ("a5,6", "5,6", "2 jobs: enter adds"),
    ],
)
async def test_letter_that_opens_the_input_is_not_lost_where_it_begins_a_name(typed, value, verdict):
    async with desk({1: ["PENDING"]}, size=(120, 40)) as it:
        await it.press(*typed)
        await it.settle()

        assert it.input.value == value
        assert str(it.input.border_subtitle) == verdict


@pytest.mark.parametrize("name", ["export.csv", "data.csv", "upload.csv", "STOCK_0930.csv", "xyz_*", "\u00fcber.csv"])
@pytest.mark.parametrize("part", ["input", "jobs"])
async def test_name_typed_into_an_empty_app_is_watched(name, part):
    async with desk(job_ids=()) as it:
        it.screen.action_pane(part)
        await it.settle()

        await it.press(*name, "enter")

        await it.until(lambda: it.screen.scene.snapshot.selections == (Selection(name),))


@pytest.mark.parametrize("is_removed", [False, True], ids=["watched", "removed"])
async def test_letter_is_a_key_while_a_job_is_watched_or_can_be_restored(is_removed):
    async with desk({1: ["PENDING"]}) as it:
        await it.press(*("x" if is_removed else ""), "e")
        await it.settle()

        assert (it.input.value, it.jobs.has_focus) == ("", True)


@pytest.mark.parametrize("name", ["inv_0930.csv", "adjust_0930.csv"])
async def test_enter_right_behind_a_name_that_begins_with_a_key_watches_that_file(name):
    async with desk({1: ["PENDING"]}) as it:
        it.type_ahead(f"{name}\r")

        await it.until(lambda: it.screen.scene.snapshot.selections == (Selection(name),))


@pytest.mark.parametrize("part", ["2", "3", "4"])
@pytest.mark.parametrize(
    "name",
    [
        "inv_0930.csv",
        "abc.csv",
        "export_x.csv",
        "STOCK_0930.csv",
        "quantity.csv",
        "KIBO_REFRESH_*",
        "KIBO_ADJUST_261129091500",
    ],
)
async def test_paste_of_a_name_without_brackets_arrives_completely(part, name):
    async with desk({1: ["PENDING"]}) as it:
        await it.press(part)

        it.app.post_message(TextRun(name))
        await it.until(lambda: it.input.value == name)

        assert it.watched == (1,)
        assert it.screen.panes.current == "input"


@pytest.mark.parametrize("run", ["/inv_0930.csv", "/err.csv"])
async def test_words_of_a_filter_that_arrive_at_once_stay_a_filter(run):
    async with desk({1: ["PENDING"]}) as it:
        it.app.post_message(TextRun(run))

        await it.until(lambda: it.prompt.value == run[1:])
        assert it.input.value == ""


@pytest.mark.parametrize(
    ("pasted", "value"),
    [
        ("store  inventory 0930.csv", "store  inventory 0930.csv"),
        ("a.csv\nstore 1.csv\n", 'a.csv, "store 1.csv"'),
        ("x" * 230 + ".csv", "x" * 230 + ".csv"),
    ],
    ids=["blanks", "lines", "long"],
)
async def test_pasted_names_are_put_there_whole(pasted, value):
    async with desk({1: ["PENDING"]}) as it:
        it.app.post_message(events.Paste(pasted))

        await it.until(lambda: it.input.value == value)


async def test_files_location_and_time_are_watched_together():
    async with desk({1: ["PENDING"]}, size=(120, 40)) as it:
        await it.press("a", *'"b c.csv" inv.csv loc:W01', "enter")

        await it.until(
            lambda: it.screen.scene.snapshot.selections == (Selection("b c.csv", "W01"), Selection("inv.csv", "W01"))
        )
        assert it.input.value == ""


async def test_what_cannot_be_watched_says_why_and_stays_for_mending():
    async with desk({1: ["PENDING"]}, size=(120, 40)) as it:
        await it.press("a", *"inv.csv type:REFRESH", "enter")
        await it.settle()

        assert it.input.value == "inv.csv type:REFRESH"
        assert it.input.has_class("-bad")
        assert "type: filters the list: press / there" in it.text


async def test_skipped_numbers_are_told_as_far_as_there_is_room():
    async with desk({1: ["PENDING"]}, size=(80, 24)) as it:
        await it.press("a", *"tenantID 30294 jobID 884213 items 3000")
        await it.settle()

        assert "; 2 numbers skipped: tenantID 30294" in it.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_file_without_jobs_is_told_in_an_empty_list_without_a_cut(size):
    async with desk(job_ids=(), selections=(Selection("STORE_INVENTORY_20261129_0930.csv"),), size=size) as it:
        await it.until(lambda: "jobs appear here when they exist" in it.text)

        assert " no job of STORE_INVENTORY_20261129_0930.csv yet " in it.text


async def test_note_on_a_file_with_a_long_name_is_whole():
    async with desk({1: ["PENDING"]}, size=(80, 24)) as it:
        await it.press("a", *"KIBO_REFRESH_261129173133_884213_store_inventory.csv", "enter")
        await it.settle()

        assert it.lines[-1].rstrip().endswith("…, late ones included")
