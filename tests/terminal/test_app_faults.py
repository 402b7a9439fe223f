"""What a person sees of each fault, and that it mends itself (tests/README.md, Faults; each test names its row)."""

import json
import re
from contextlib import ExitStack

import pytest

from tests.support.misbehaving_server import RudeServer, close, cut, free_port, gabble, pour, reset, says
from tests.support.pty_app import PATIENCE_S, answer, detail_lines, go_to, is_in, is_on, row, row_of, shows
from tests.support.raw_server import gzip_bomb

TALL = (200, 40)
"""Room for everything in the list and beside it."""


def fields_of(terminal):
    """Return the tab Why as one text with single blanks."""
    return " ".join(" ".join(detail_lines(terminal)).split())


def raw_answer(job_id, **raw):
    """Return the job's JSON with values that only raw text can hold."""
    fields = answer(job_id, "WORKING")
    for name in raw:
        fields[name] = f"@{name}@"
    text = json.dumps(fields)
    for name, value in raw.items():
        text = text.replace(f'"@{name}@"', value)
    return text.encode()


def walk(terminal, jobs):
    """Return what the tab Why says of each job, going down the list."""
    texts = {}
    terminal.press("g")
    for job_id in jobs:
        terminal.wait_for(shows(job_id), PATIENCE_S)
        texts[job_id] = fields_of(terminal)
        terminal.press("j")
    return texts


COUNTS = {
    "NaN": "NaN",
    "1e999": "Infinity",
    "-5": "-5",
    "1" + "0" * 30: "1" + "0" * 30,
    '"5"': "5",
    "true": "true",
    "null": "-",
    "[1]": "[1]",
}


def test_row_6_count_shows_what_came_and_the_rest_works(jobdeck, queue):
    values = list(COUNTS)
    jobs = {101 + place: values[2 * place : 2 * place + 2] for place in range(4)}
    for job_id, (items, results) in jobs.items():
        queue.put(job_id, raw_answer(job_id, itemCount=items, numResults=results))
    terminal = jobdeck(
        "101-104", size=TALL, until=lambda it: all(row(job_id, "WORKING").search(it.text) for job_id in jobs)
    )

    said = walk(terminal, jobs)

    for job_id, (items, results) in jobs.items():
        assert f"items {COUNTS[items]} " in said[job_id]
        assert f"results {COUNTS[results]} " in said[job_id]


def test_row_6_count_is_right_again_with_the_next_good_answer(jobdeck, queue):
    queue.put(101, raw_answer(101, itemCount="NaN"))
    terminal = jobdeck("101", size=TALL, until="NaN")

    queue.put(101, answer(101, "WORKING", itemCount=1234))

    terminal.wait_for(lambda it: "items 1,234" in fields_of(it), PATIENCE_S)


def test_row_7_unknown_values_are_verbatim_and_asked_on(jobdeck, queue):
    queue.put(
        101,
        answer(101, "HALTED", type="RECOUNT", locationCode=5, messages="not a list", tenantID=["x"], new={"a": None}),
    )
    terminal = jobdeck("101", size=TALL, until=row(101, "HALTED"))

    texts = ("type RECOUNT", "location 5", "not a list", '["x"]', 'new {"a": null}')
    terminal.wait_for(lambda it: all(text in fields_of(it) for text in texts), PATIENCE_S)
    queue.put(101, answer(101, "SUCCESS"))
    terminal.wait_for(row(101, "SUCCESS"), PATIENCE_S)


MOMENTS = {
    '"2026-01-05T12:00:00"': ("2026-01-05 12:00:00Z", "2026-01-05 06:00:00-0600", "2026-01-05 21:00:00+0900"),
    '"2026-01-05T12:00:00+02:00"': ("2026-01-05 10:00:00Z", "2026-01-05 04:00:00-0600", "2026-01-05 19:00:00+0900"),
    '"2026-07-05T12:00:00.123456789+0000"': (
        "2026-07-05 12:00:00Z",
        "2026-07-05 07:00:00-0500",
        "2026-07-05 21:00:00+0900",
    ),
    '"0001-01-01T00:00:00Z"': ("0001-01-01T00:00:00Z unreadable",) * 3,
    '"9999-12-31T23:59:59Z"': ("9999-12-31T23:59:59Z unreadable",) * 3,
    "1767614400": ("1767614400 unreadable",) * 3,
    '"yesterday"': ("yesterday unreadable",) * 3,
}


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Tokyo"])
def test_row_8_times_are_right_or_raw_and_marked(jobdeck, queue, zone):
    values = [*MOMENTS, "null", "null"]
    jobs = {101 + place: values[3 * place : 3 * place + 3] for place in range(3)}
    for job_id, (added, started, finished) in jobs.items():
        queue.put(job_id, raw_answer(job_id, added=added, started=started, finished=finished))
    terminal = jobdeck(
        "101-103",
        size=TALL,
        env={"TZ": zone},
        until=lambda it: all(row(job_id, "WORKING").search(it.text) for job_id in jobs),
    )

    in_utc = walk(terminal, jobs)
    terminal.press("t")
    terminal.wait_for("times in local time", PATIENCE_S)
    in_zone = walk(terminal, jobs)
    terminal.press("t")
    terminal.wait_for("times as ages", PATIENCE_S)
    walk(terminal, jobs)

    for job_id, moments in jobs.items():
        for said, place in ((in_utc, 0), (in_zone, 1 if zone == "America/Chicago" else 2)):
            texts = [MOMENTS.get(value, ("-",) * 3)[place] for value in moments]
            for name, text, above in zip(("added", "started", "finished"), texts, ("", *texts), strict=False):
                shown = text[11:] if text[:11] == above[:11] and ":" in text and "unreadable" not in text else text
                assert f"{name} {shown}" in said[job_id]


BODIES = {
    b'{"jobID": 101, "sta': "the response is cut short",
    json.dumps(answer(102, "SUCCESS")).encode() + b" trailing": "the response is not JSON",
    b"\xef\xbb\xbf{}": "byte order mark",
    b'{"jobID": 104, "itemCount": ' + b"9" * 5000 + b"}": "the response is not JSON",
    b"[" * 100_000: "the response is not JSON",
    b"<html><title>Login</title></html>": "the response is HTML",
    b"": "the response is empty",
    b"[]": "expected one job, got an array",
    b"null": "expected one job, got null",
}


@pytest.mark.parametrize("part", [slice(0, 3), slice(3, 6), slice(6, 9)], ids=["cut", "odd", "no job"])
def test_row_9_bad_body_is_named_and_the_last_good_data_kept(jobdeck, queue, part):
    bodies = dict(enumerate(list(BODIES)[part], 101))
    for job_id in bodies:
        queue.put(job_id, answer(job_id, "WORKING", itemCount=1000 + job_id))
    terminal = jobdeck(
        *map(str, bodies), size=TALL, until=lambda it: all(row(job_id, "WORKING").search(it.text) for job_id in bodies)
    )

    for job_id, body in bodies.items():
        queue.put(job_id, body)
    terminal.wait_for(lambda it: all("stale 0:" in row_of(it, job_id)[1] for job_id in bodies), PATIENCE_S)
    said = walk(terminal, bodies)
    for job_id in bodies:
        queue.put(job_id, answer(job_id, "WORKING", itemCount=2000 + job_id))

    assert {body[:40]: said[job_id] for job_id, body in bodies.items() if BODIES[body] not in said[job_id]} == {}
    assert all(f"items 1,{job_id}" in said[job_id] for job_id in bodies)
    terminal.wait_for(
        lambda it: all(f"2,{job_id}" in row_of(it, job_id)[1] for job_id in bodies) and "stale" not in it.text, 60
    )


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:12].decode(errors="replace") or "empty")
def test_row_9_bad_body_of_the_only_job_is_named_in_its_row_and_its_detail(jobdeck, queue, body):
    queue.put(101, answer(101, "WORKING", itemCount=1101))
    terminal = jobdeck("101", size=TALL, until=row(101, "WORKING"))

    queue.put(101, body)
    terminal.wait_for(lambda it: BODIES[body] in " ".join(detail_lines(it)), PATIENCE_S)

    assert re.search(r"stale 0:\d\d . (the response|expected one)", row_of(terminal, 101)[1])


def test_row_9_answer_without_content_is_named(jobdeck, queue, api):
    queue.put(101, answer(101))
    terminal = jobdeck("101", size=TALL, until=row(101, "PENDING"))

    api.answer_next(204)

    terminal.wait_for("answered without content", PATIENCE_S)
    terminal.wait_for(lambda it: "answered without content" not in it.text, PATIENCE_S)


def test_row_13_throttling_counts_down_and_keeps_quiet(jobdeck, queue, api):
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck("101-103", until=row(103, "PENDING"))

    api.answer_next(429, retry_after="4")
    terminal.wait_for("THROTTLED 0:0", PATIENCE_S)
    throttled_at_s = next(request.at_s for request in reversed(api.log))
    seen = set()

    def is_over(it):
        seen.update(re.findall(r"THROTTLED (0:0\d)", it.line(0)))
        return "THROTTLED" not in it.line(0)

    terminal.wait_for(is_over, PATIENCE_S)
    queue.put(101, answer(101, "WORKING"))
    terminal.wait_for(row(101, "WORKING"), PATIENCE_S)

    gaps = [request.at_s - throttled_at_s for request in api.log if request.at_s > throttled_at_s + 0.3]
    assert len(seen) >= 2
    assert min(gaps) >= 3.5


def test_row_12_refused_token_says_what_to_do_and_when_it_is_tried_again(jobdeck, queue, api):
    for job_id in (101, 102, 103):
        queue.put(job_id, answer(job_id))
    api.answer_always(401)
    terminal = jobdeck("101-103", until="NOT AUTHORISED")

    why = "the token was rejected: it has expired or belongs elsewhere"
    remedy = "start again with a new KIBO_ACCESS_TOKEN, or use --token-file or --token-command; R retries this one (not authorised by"
    terminal.wait_for(lambda it: f"{why}; {remedy}" in " ".join(it.text.split()), PATIENCE_S)
    terminal.wait_for(lambda it: re.search("NOT AUTHORISED, next try 0:[0-3]", it.text), PATIENCE_S)
    assert api.requests <= 4

    api.clear()
    terminal.press("R")
    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)
    terminal.wait_for(lambda it: "NOT AUTHORISED" not in it.text, PATIENCE_S)


def test_missing_token_does_not_keep_the_app_from_starting(jobdeck, api):
    terminal = jobdeck("101", env={"KIBO_ACCESS_TOKEN": None}, until="KIBO_ACCESS_TOKEN")

    assert "then start again" in " ".join(terminal.text.split())
    terminal.wait_quiet(0.5)
    assert api.requests == 0
    terminal.press("?")
    terminal.wait_for("in this pane", PATIENCE_S)


CAUSES = {
    close: "closed the connection before answering",
    reset: "reset the connection",
    cut: "closed the connection during its response",
    # It closes with our request unread, which may reach us as a reset before its words do.
    gabble: re.compile("does not answer in HTTP|closed the connection|reset the connection"),
}


def test_row_15_each_broken_connection_has_its_cause_in_words(start):
    with ExitStack() as stack:
        servers = {behave: stack.enter_context(RudeServer()) for behave in CAUSES}
        for behave, server in servers.items():
            server.behave = behave
        terminals = {behave: start(server.url, "101", size=TALL) for behave, server in servers.items()}

        for behave, terminal in terminals.items():
            terminal.wait_for(CAUSES[behave], PATIENCE_S)
            servers[behave].behave = says(json.dumps(answer(101)).encode())

        for terminal in terminals.values():
            terminal.wait_for(row(101, "PENDING"), 60)
            assert b"\x1b[2J" not in terminal.raw


def test_row_15_refused_connection_mends_when_the_server_comes(start):
    port = free_port()
    terminal = start(f"http://127.0.0.1:{port}", "101", size=TALL)
    terminal.wait_for(f"127.0.0.1:{port} refused the connection", PATIENCE_S)

    with RudeServer(port) as server:
        server.behave = says(json.dumps(answer(101)).encode())

        terminal.wait_for(row(101, "PENDING"), 60)


def test_row_15_stale_connection_is_invisible(jobdeck, queue, server):
    queue.put(101, answer(101))
    terminal = jobdeck("101", until=row(101, "PENDING"))

    server.stop()
    server.start_in_thread()
    queue.put(101, answer(101, "WORKING"))

    terminal.wait_for(row(101, "WORKING"), PATIENCE_S)


LARGEST_GROWTH_KIB = 40_000


@pytest.mark.parametrize(
    "behave", [says(gzip_bomb(), b"Content-Encoding: gzip"), pour], ids=["gzip bomb", "endless chunks"]
)
def test_row_19_answer_too_large_is_refused_in_little_memory(start, behave):
    with RudeServer() as server:
        server.behave = says(json.dumps(answer(101)).encode())
        terminal = start(server.url, "101", size=TALL)
        terminal.wait_for(row(101, "PENDING"), PATIENCE_S)
        before = terminal.rss_kib()

        server.behave = behave
        terminal.wait_for("response too large", PATIENCE_S)
        grown = terminal.rss_kib() - before
        server.behave = says(json.dumps(answer(101, "WORKING")).encode())

        assert grown < LARGEST_GROWTH_KIB
        terminal.wait_for(row(101, "WORKING"), 60)


def test_row_21_ended_job_that_starts_again_is_shown_with_a_warning(jobdeck, queue):
    queue.put(101, answer(101, "SUCCESS"))
    terminal = jobdeck("101", size=TALL, until=row(101, "SUCCESS"))

    queue.put(101, answer(101, "WORKING"))

    terminal.wait_for(row(101, "WORKING"), PATIENCE_S)
    terminal.wait_for("was SUCCESS", PATIENCE_S)
    assert "was SUCCESS before, which should be final" in fields_of(terminal)


@pytest.mark.parametrize(
    ("foreign", "warning"),
    [
        (answer(999, "FAILED", locationCode="SECRET"), "the response describes job 999: withheld"),
        (
            answer(101, "FAILED", locationCode="SECRET", tenantID=4242),
            "the response describes tenant 4242, not 31014: withheld",
        ),
    ],
    ids=["job", "tenant"],
)
def test_row_21_foreign_data_is_withheld(jobdeck, queue, foreign, warning):
    queue.put(101, answer(101, "WORKING"))
    terminal = jobdeck("101", size=TALL, env={"KIBO_TENANT": "31014"}, until=row(101, "WORKING"))

    queue.put(101, foreign)
    terminal.wait_for(lambda it: warning in fields_of(it), PATIENCE_S)
    go_to(terminal, "detail")
    terminal.press("[")
    terminal.wait_for(is_on("Raw"), PATIENCE_S)
    assert b"SECRET" not in terminal.raw
    assert row(101, "WORKING").search(terminal.text)

    queue.put(101, answer(101, "SUCCESS"))
    terminal.wait_for(row(101, "SUCCESS"), PATIENCE_S)
    assert is_in("detail")(terminal)
