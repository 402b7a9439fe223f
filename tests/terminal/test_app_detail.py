"""What the screen tells of the selected job: its fields, its messages, its JSON."""

import json

import pytest

from tests.support.pty_app import PATIENCE_S, answer, detail_lines, go_to, row

FULL = answer(
    101,
    "FAILED",
    tenantID=31099,
    locationCode="WAREHOUSE-7",
    type="ADJUST",
    added="2026-01-02T03:04:05Z",
    started="2026-01-02T03:05:15Z",
    finished="2026-01-02T03:06:45Z",
    originalFilename="inv_0930.csv",
    hasData=False,
    itemCount=2998,
    numResults=2991,
    success=True,
    messages=["UPC 4711 not found"],
    priority=7,
    shard={"zone": "euw1", "parts": [1, 2]},
    nothing=None,
    remark="called back",
)
FULL["retries"] = None


@pytest.fixture
def detail(jobdeck, queue):
    """The detail of one job with the focus, beside a list."""

    def begin(fields, size=(160, 40)):
        queue.put(101, fields)
        terminal = jobdeck("101", until=row(101), size=size)
        go_to(terminal, "detail")
        return terminal

    return begin


def read_on(terminal, key, last):
    """Return all lines of the detail, read by pressing `key` until `last` is in sight."""
    lines = list(detail_lines(terminal))
    while not any(last in line for line in lines):
        before = detail_lines(terminal)
        terminal.press(key)
        terminal.wait_for(lambda it, before=before: detail_lines(it) != before, PATIENCE_S)
        lines += [line for line in detail_lines(terminal) if line not in lines]
    return lines


FIELDS = (
    "type ADJUST",
    "location WAREHOUSE-7",
    "file inv_0930.csv",
    "tenant 31099",
    "added 2026-01-02 03:04:05Z",
    "started 03:05:15Z",
    "finished 03:06:45Z",
    "items 2,998",
    "results 2,991",
    "success true",
    "hasData false",
    "1× UPC 4711 not found",
    "priority 7",
    'shard {"zone": "euw1", "parts": [1, 2]}',
    "remark called back",
    "retries null",
    "success is true with FAILED",
)


@pytest.mark.parametrize(
    ("size", "measures"),
    [((80, 24), ("1:10 wait", "1:30 run")), ((160, 40), ("wait 1:10", "run 1:30"))],
    ids=["scrolled", "at once"],
)
def test_overview_shows_every_field(detail, size, measures):
    terminal = detail(FULL, size)

    lines = read_on(terminal, "j", "retries")

    shown = " ".join(" ".join(lines).split())
    assert [field for field in (*FIELDS, *measures) if field not in shown] == []
    assert len(lines) <= 38


def test_overview_follows_the_answers(jobdeck, queue):
    queue.put(101, answer(101, "WORKING", itemCount=1200))
    terminal = jobdeck("101", until="items     1,200")

    queue.put(101, answer(101, "WORKING", itemCount=1300, stage="upload"))

    terminal.wait_for("items     1,300", PATIENCE_S)
    terminal.press("3", "G")
    terminal.wait_for("stage     upload", PATIENCE_S)


def test_overview_tells_what_changed(detail, queue):
    terminal = detail(answer(101))

    queue.put(101, answer(101, "FAILED"))

    terminal.wait_for("PENDING → FAILED", PATIENCE_S)


def test_messages_can_all_be_read(detail):
    texts = [f"message number {number:03} of the job" for number in range(1, 201)]
    terminal = detail(answer(101, "FAILED", messages=texts))
    terminal.press("]")
    terminal.wait_for(lambda it: detail_lines(it)[0].endswith(texts[0]), PATIENCE_S)

    lines = read_on(terminal, "space", texts[-1])

    assert [line.split(" ", 1)[-1] for line in (line.strip() for line in lines)] == texts


def test_end_of_the_messages_is_one_key_away(detail):
    terminal = detail(answer(101, "FAILED", messages=[f"message {number}" for number in range(5_000)]))

    terminal.press("]", "G")

    terminal.wait_for("5000 message 4999", PATIENCE_S)


def test_long_message_is_wrapped_to_its_end(detail):
    terminal = detail(answer(101, "FAILED", messages=["word " * 60 + "the end"]))

    terminal.press("]")

    terminal.wait_for("the end", PATIENCE_S)


def test_raw_shows_the_json_as_it_was_sent(detail):
    sent = {"jobID": 101, "status": "FAILED", "messages": ["a", "b"], "odd": {"x": [1, None, True]}, "empty": ""}
    terminal = detail(sent)

    terminal.press("[")

    terminal.wait_for('"odd"', PATIENCE_S)
    assert json.loads("\n".join(detail_lines(terminal))) == sent


def test_raw_follows_the_answers(detail, queue):
    terminal = detail(answer(101))
    terminal.press("[")
    terminal.wait_for('"status": "PENDING"', PATIENCE_S)

    queue.put(101, answer(101, "WORKING"))

    terminal.wait_for('"status": "WORKING"', PATIENCE_S)
