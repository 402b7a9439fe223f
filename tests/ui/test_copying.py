import re

import pytest

from tests.support.app_harness import desk
from tests.support.factories import job
from tests.ui.test_clipboard import decoded
from tui.cli.view_texts import job_address, rendered, write_new
from tui.history.views import RememberedView

FLEET = {
    1: [
        job(
            1,
            "FAILED",
            type="REFRESH",
            locationCode="1399",
            originalFilename="inv.csv",
            messages=["UPC 17 not found", "UPC 18 not found", "end of file"],
        )
    ],
    2: [job(2, "SUCCESS", type="REFRESH", locationCode="1707", originalFilename="inv.csv")],
    3: [job(3, "FAILED", type="ADJUST", locationCode="0412", messages=["no space"])],
}
HOST = "https://t1.sandbox.mozu.com/api"


def copying_desk(monkeypatch, scripts=FLEET, view=None, **options):
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return desk(
        scripts,
        size=(110, 30),
        view=view or RememberedView(order="as given", grouping="none"),
        render=rendered,
        write_new=write_new,
        address_of=lambda job_id: job_address(HOST, job_id),
        command=("jobdeck", "--profile", "prod"),
        **options,
    )


async def copied(it):
    await it.until(lambda: it.app.sequences)
    return decoded(it.app.sequences[-1])


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["y"], "1"),
        (["Y", "i"], "1"),
        (["Y", "l"], "1 FAILED REFRESH 1399 inv.csv: UPC 17 not found"),
        (["Y", "c"], "2x UPC ‹…› not found\n1x end of file"),
        (["Y", "m"], "UPC 17 not found\nUPC 18 not found\nend of file"),
        (
            ["Y", "u"],
            f'curl -sS -H "Authorization: Bearer $KIBO_ACCESS_TOKEN" {HOST}/commerce/inventory/v1/queue/1',
        ),
        (["Y", "d"], "jobdeck --profile prod 1"),
        (["3", "y"], "2x UPC ‹…› not found\n1x end of file"),
        (["3", "right_square_bracket", "y"], "UPC 17 not found\nUPC 18 not found\nend of file"),
        (["m", "4", "y"], "1"),
    ],
    ids=["y", "id", "line", "causes", "messages", "curl", "command", "why", "messages-tab", "deck"],
)
async def test_key_copies_this_of_the_job_under_the_cursor(monkeypatch, keys, text):
    async with copying_desk(monkeypatch) as it:
        await it.until(it.has_answers)
        await it.press(*keys)

        assert await copied(it) == text


async def test_json_and_markdown_are_those_of_the_scripts(monkeypatch):
    async with copying_desk(monkeypatch) as it:
        await it.until(it.has_answers)
        await it.press("Y", "j")
        as_json = await copied(it)
        await it.press("Y", "k")
        await it.until(lambda: len(it.app.sequences) == 2)
        markdown = await copied(it)

        assert '"jobID": 1' in as_json
        assert markdown.startswith("## job 1\n\n1 of 1 job failed: 1 FAILED")
        assert "| 2 | UPC ‹…› not found | 1 at 1399 |" in markdown


async def test_file_is_copied_with_its_failed_jobs_and_resumed_by_its_name(monkeypatch):
    async with copying_desk(monkeypatch, view=RememberedView(order="as given")) as it:
        await it.until(lambda: it.jobs.group_view(it.jobs.rows[0]) is not None if it.jobs.rows else False)
        await it.press("h", "y")
        failed = await copied(it)
        await it.press("Y", "d")
        await it.until(lambda: len(it.app.sequences) == 2)

        assert failed == "inv.csv: 1 of 2 failed: 1"
        assert await copied(it) == "jobdeck --profile prod --file inv.csv"


async def test_message_claims_no_more_than_that_it_was_sent(monkeypatch):
    async with copying_desk(monkeypatch) as it:
        await it.until(it.has_answers)
        await it.press("y")
        await it.until(lambda: "sent 1 to the terminal (OSC 52); if it does not arrive: X" in it.lines[-1])


async def test_text_that_most_terminals_refuse_is_called_so(monkeypatch):
    large = {1: [job(1, "FAILED", messages=[f"{number} not found {'x' * 90}" for number in range(1000)])]}
    async with copying_desk(monkeypatch, large) as it:
        await it.until(it.has_answers)
        await it.press("Y", "m")
        await it.until(lambda: "bytes are too many for most terminals" in it.lines[-1])


@pytest.mark.parametrize("key", ["y", "Y", "X"])
async def test_without_a_job_the_key_says_why_it_copies_nothing(monkeypatch, key):
    async with copying_desk(monkeypatch) as it:
        await it.until(it.has_answers)
        await it.press("slash", *"none", "enter", key)

        assert "no job matches the filter" in it.lines[-1]


async def test_job_without_messages_has_none_to_copy(monkeypatch):
    async with copying_desk(monkeypatch) as it:
        await it.until(it.has_answers)
        await it.press("j", "Y", "m")

        await it.until(lambda: "messages: nothing to copy" in it.lines[-1])
        assert it.app.sequences == []


async def test_export_writes_a_private_file_and_never_over_another(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    async with copying_desk(monkeypatch) as it:
        await it.until(it.has_answers)
        for written in (1, 2):
            await it.press("X", "enter")
            await it.until(lambda written=written: len(list(tmp_path.iterdir())) == written)
        await it.until(lambda: "1 job written to jobdeck-1-" in it.lines[-1])

    files = sorted(tmp_path.iterdir())
    assert all(re.fullmatch(r"jobdeck-1-\d{8}-\d{6}(-2)?\.md", file.name) for file in files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert all(file.read_text(encoding="utf-8").startswith("## job 1\n") for file in files)


async def test_export_that_cannot_be_written_says_why(monkeypatch, tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with copying_desk(monkeypatch) as it:
        await it.until(it.has_answers)
        folder.rmdir()
        await it.press("X", "enter")

        await it.until(lambda: "not written: No such file or directory" in it.lines[-1])


def test_name_that_is_taken_gets_a_number(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = [str(write_new("a.txt", text)) for text in "123"]

    assert names == ["a.txt", "a-2.txt", "a-3.txt"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "1"
