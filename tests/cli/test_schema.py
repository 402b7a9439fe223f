"""The published JSON Schema against what the commands really print."""

import json
import signal
from importlib import resources

import fastjsonschema
import pytest

SCHEMA = json.loads(resources.files("tui.scripts").joinpath("schema.json").read_text(encoding="utf-8"))


def checked(name=None):
    """Return what raises for a value that is not as published; the whole schema, or one definition of it."""
    return fastjsonschema.compile(SCHEMA if name is None else {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


check_any, check_reading, check_event = checked(), checked("reading"), checked("event")


@pytest.fixture
def odd(queue):
    queue.put(
        5,
        b'{"jobID": 5, "status": "PAUSED", "itemCount": 1e999, "added": "soon", "messages": null, "x": {"y": [null]}}',
    )
    queue.put(6, {"jobID": 6})


@pytest.mark.parametrize(
    "arguments",
    [["get", "1-6", "999"], ["find"], ["find", "--status", "none"], ["wait", "1-6", "--timeout", "1.5"]],
    ids=" ".join,
)
@pytest.mark.parametrize("output", ["json", "jsonl"])
@pytest.mark.usefixtures("odd")
def test_readings_are_as_published(jobdeck, arguments, output):
    text = jobdeck(*arguments, "-o", output).stdout

    readings = json.loads(text) if output == "json" else [json.loads(line) for line in text.splitlines()]
    if arguments[0] == "wait" and output == "jsonl":
        check_event(readings.pop())
    for reading in readings:
        check_reading(reading)
        check_any(reading)
    check_any(readings)
    assert len(readings) == {"get": 7, "find": 0 if "none" in arguments else 6, "wait": 6}[arguments[0]]


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (500, {}, "server"),
        (429, {"retry_after": "60"}, "rate_limited"),
        (401, {}, "unauthorised"),
        (302, {}, "bad_answer"),
    ],
    ids=lambda value: str(value) if value else "",
)
def test_errors_are_as_published(jobdeck, faults, status, headers, kind):
    faults.answer_always(status, **headers)

    (reading,) = json.loads(jobdeck("get", "1", "-o", "json").stdout)
    lines = [json.loads(line) for line in jobdeck("watch", "1", "--timeout", "2", "-o", "jsonl").stdout.splitlines()]

    assert reading["error"]["kind"] == kind
    check_reading(reading)
    assert {event["event"] for event in lines} == {"error", "done"}
    assert lines[0]["error"]["kind"] == kind
    for event in lines:
        check_event(event)


@pytest.mark.usefixtures("odd")
def test_events_are_as_published(started, queue):
    for job_id in (11, 12):
        queue.put(job_id, {"jobID": job_id, "status": "WORKING"})
    process = started("watch", "1-6", "11", "12", "--interval", "0.5", "--max-rate", "600", "-o", "jsonl")
    events = [json.loads(process.stdout.readline()) for _ in range(8)]

    queue.put(11, {"jobID": 11, "status": "SUCCESS"})
    queue.remove(12)
    while not {"changed", "gone"} <= {event["event"] for event in events}:
        events.append(json.loads(process.stdout.readline()))
    process.send_signal(signal.SIGINT)
    events += map(json.loads, process.communicate(timeout=20)[0].splitlines())

    for event in events:
        check_event(event)
        check_any(event)
    assert [event["event"] for event in events[:8]] == ["snapshot"] * 8
    assert {event["event"]: event["previousStatus"] for event in events[8:-1]} == {"changed": "WORKING", "gone": None}
    assert events[-1]["event"] == "done"
    assert events[-1]["counts"] == {"SUCCESS": 2, "FAILED": 1, "PENDING": 1, "WORKING": 1, "PAUSED": 1, "GONE": 1}


NOT_PUBLISHED = [
    {"schema": 2},
    {"at": "now"},
    {"jobID": 0},
    {"event": "lost"},
    {"counts": {"SUCCESS": 1}},
    {"complete": True},
    {"error": {}},
    {"job": 7},
]


def test_what_is_not_published_is_refused(jobdeck):
    event = json.loads(jobdeck("watch", "1", "-o", "jsonl").stdout.splitlines()[0])

    check_event(event)
    for change in NOT_PUBLISHED:
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            check_event({**event, **change})


@pytest.mark.parametrize("part", [None, "error"], ids=str)
def test_a_new_key_is_within_the_schema(jobdeck, part):
    (reading,) = json.loads(jobdeck("get", "999", "-o", "json").stdout)

    (reading if part is None else reading[part])["more"] = 1

    check_reading(reading)


def test_wait_ends_with_done_as_watch_does(jobdeck):
    *readings, done = [json.loads(line) for line in jobdeck("wait", "1", "2", "-o", "jsonl").stdout.splitlines()]

    check_event(done)
    assert [(reading["jobID"], "event" in reading) for reading in readings] == [(1, False), (2, False)]
    assert (done["event"], done["counts"], done["complete"]) == ("done", {"SUCCESS": 1, "FAILED": 1}, True)


def test_keys_stand_in_the_contract_s_order(jobdeck):
    first, last = (json.loads(line) for line in jobdeck("watch", "1", "-o", "jsonl").stdout.splitlines())

    keys = [
        "schema",
        "event",
        "at",
        "jobID",
        "status",
        "previousStatus",
        "job",
        "queueWaitSeconds",
        "runSeconds",
        "itemsPerSecond",
        "error",
    ]
    assert list(first) == keys
    assert list(last) == [*keys, "counts", "complete"]
