import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.factories import job
from tests.support.view_states import ASCII, DOWN, ENDED, LINKS, LOOK, NAMED, NOWHERE, after
from tui.core.job_ids import LARGEST_ID, LONGEST_LIST, NotAJob, written
from tui.core.paste import ExtractedIds, Found, extract_ids
from tui.domain.watchlist import Watchlist
from tui.scripts.formats import job_line
from tui.ui.rendering.job_fields import title
from tui.ui.rendering.job_table import Columns, row
from tui.ui.rendering.lines import text_of

URL = "https://t4711.sandbox.mozu.com/api/commerce/inventory/v5/inventory/queue/884213"

LOG = """\
2026-11-23T09:30:02.123456Z INFO 10.0.0.12:8080 corr=7f3a8842-1234-5678-9abc-def012345678 uploaded in 2000ms
2026-11-23T09:30:03Z ERROR jobID=884213 failed
2026-11-23T09:30:04Z INFO job_id: 884214 done
"""

MIXED_LOG = """\
09:30:03 uploaded, job 501
09:30:04 GET https://x.example/api/commerce/inventory/v1/queue/503 200
09:30:05 {"jobID": 507, "tenantID": 31014, "itemCount": 12000}
"""

MAIL = """\
> On 23.11. somebody wrote:
> please look at 884213 and 884215, phone +49 30-123456
Thanks, and 884216. Kind regards
"""

SCREEN = """\
 DEMO  simulator  READ-ONLY   · 11  ▶ 2  ✔ 1  ✖ 2  0 s ago  next 2 s  2 req/min
┌─ Add jobs ───────────────────────────────────────────────────────────────────┐
│ 884213-884220, or paste anything that holds ids                              │
└──────────────────────────────────────────────────────────────────────────────┘
┌─ Jobs 1,216 ─────────────────────────────────────────────────────────────────┐
│   STATUS       JOB TYPE     LOC    ADDED Z     RUN   ITEMS NOTE              │
│ ✔ SUCCESS      101 ADJUST   W02   15:17:16    0:01      12                   │
│ ✖ FAILED       102 REFRESH  W05   15:47:15    0:29   2,502 +43 UPC 0050651…  │
│ ? NOT AS EVER  103 REFRESH  W01   17:16:35    0:20   2,105 job 4711 was first│
│ · PENDING      105 REFRESH  W02   17:16:35       -       0                   │
└──────────────────────────────────────────────────────────────────────────────┘
┌─ 102 ✖ FAILED ───────────────────────┐┌─ 884300 ✖ FAILED ────────────────────┐
│ type     ≠ REFRESH                   ││ tenant     31014                     │
"""

ASCII_SCREEN = """\
+- Jobs 16 --------------------------------------------------------------------+
| + SUCCESS      101 ADJUST   W02   15:17:24    0:01      12                   |
| x FAILED       102 REFRESH  W05   15:47:24    0:29   2,502 +43 UPC 0050651~  |
| > WORKING      104 REFRESH  W01   17:16:44    0:20   2,105                   |
+- 105 . PENDING ------------------------ [Overview] Messages 1 Raw -----------+
| items     35     12.1  items/s  results 35     success true   hasData true   |
"""

FAREWELL = """\
884213  FAILED  REFRESH  W05  inv_0730.csv  2,502 items  UPC 0050651 not found at location W05
884214  HALTED  REFRESH  W05
884216  NOT FOUND  job 884216 does not exist; check the id and the tenant (HTTP 404, correlation 4129e2a8044a57ce)

jobdeck --profile live 884213-884216
"""

MANY_FAREWELL = """\
1,204 jobs: 1,100 PENDING, 100 FAILED, 4 WORKING

jobdeck --token-command 'pass show kibo' --interval 5 1001-1003,2001
"""

TABLE = """\
JOB  STATUS   TYPE     LOCATION  ADDED      WAIT   RUN  ITEMS  FILE          MESSAGES
101  SUCCESS  ADJUST   W02       15:17:28Z  0:01  0:01     12  -             -
 99  FAILED   REFRESH  W05       15:47:28Z  0:13  0:29  2,502  inv_0730.csv  UPC 0050651 not found (+43 more)
"""

MARKDOWN = """\
| JOB | STATUS | TYPE |
| ---: | --- | --- |
| 101 | SUCCESS | ADJUST |
| 102 | FAILED | REFRESH |
"""

CSV = """\
jobID,status,type,locationCode,added,messages
101,SUCCESS,ADJUST,W02,2026-11-24T15:17:28Z,
102,FAILED,REFRESH,W05,2026-11-24T15:17:28Z,UPC 885909950805 not found
"""

WATCH = """\
17:17:34Z 101 SUCCESS  ADJUST  W02  12 items
17:17:35Z 102 PENDING -> WORKING  REFRESH  W05  inv_0730.csv
12 jobs: 7 PENDING, 2 FAILED, 2 WORKING, 1 SUCCESS
jobdeck: 884213: not authorised by t123.sandbox.mozu.com (HTTP 401, correlation 7f3a): renew it
"""


@pytest.mark.parametrize(
    ("text", "job_ids"),
    [
        pytest.param(LOG, (884213, 884214), id="log"),
        pytest.param(MIXED_LOG, (501, 503, 507), id="log-that-names-ids-in-three-ways"),
        pytest.param(MAIL, (884213, 884215, 884216), id="mail"),
        pytest.param('{"jobID": 884213, "tenantID": 471100, "itemCount": 12000}', (884213,), id="json"),
        pytest.param('[{"jobID":"884213"},{"jobID":"884214"}]', (884213, 884214), id="json-strings"),
        pytest.param('{"jobIDs": [501, 502,\n  503], "count": 3}', (501, 502, 503), id="json-array"),
        pytest.param('{"jobIds":["501","502"]}', (501, 502), id="json-array-of-strings"),
        pytest.param("Job #884213 has failed", (884213,), id="hash"),
        pytest.param("job no. 884213, job number 884214", (884213, 884214), id="number"),
        pytest.param("The upload 884213 failed.", (884213,), id="end-of-sentence"),
        pytest.param("jobID 0, job 884213", (884213,), id="zero-beside"),
        pytest.param("see 884213 884213", (884213,), id="each-once"),
        pytest.param("Job 884213, 884214 and 884215 failed", (884213, 884214, 884215), id="list-behind-job"),
        pytest.param("jobs 501, 502, and 503", (501, 502, 503), id="list-with-a-last-comma"),
        pytest.param("Jobs 9 & 10 & 11", (9, 10, 11), id="list-across-a-power-of-ten"),
        pytest.param("jobs #501, #502", (501, 502), id="list-of-hashes"),
        pytest.param("job(s) 884213/884214", (884213, 884214), id="list-of-slashes"),
        pytest.param("jobs 884213-884215 failed", (884213, 884214, 884215), id="range-behind-jobs"),
        pytest.param("please look at 884213-884215, thanks", (884213, 884214, 884215), id="range-alone"),
        pytest.param("These jobs have failed: 884213, 884214", (884213, 884214), id="list-behind-a-colon"),
        pytest.param("Failed jobs:\n- 884213\n- 884214\n\nBye", (884213, 884214), id="list-of-lines"),
        pytest.param("Job 884213, 2,998 items, and 12 more", (884213,), id="amounts-behind-an-id"),
        pytest.param("Jobs 884213, 884214 and 7 warnings", (884213, 884214), id="count-behind-a-list"),
        pytest.param("Job 884213, 2026-11-23 09:30:00", (884213,), id="date-behind-an-id"),
        pytest.param("Job 884213\n884999 is a tenant", (884213,), id="next-line-behind-one-job"),
        pytest.param("job 884213-1 failed, 884214 did not", (884213,), id="attempt"),
        pytest.param("(job 1 of 3): job 884213", (884213,), id="count-of-jobs"),
        pytest.param("jobs: 12, failed: job 884213", (884213,), id="number-of-jobs"),
        pytest.param("job 7f3a8842-1234, job 884213", (884213,), id="uuid-beside"),
        pytest.param("12345 INFO starting job 884213", (884213,), id="process-beside"),
        pytest.param("12345  INFO  starting job 884213", (884213,), id="process-in-columns"),
        pytest.param("UPC 0050651 not found in 884213", (884213,), id="leading-zero"),
        pytest.param("UPC 885909950805, tenant 31014, row 4711: 884213.", (884213,), id="numbers-with-other-names"),
        pytest.param("Mon Nov 23 09:30:00 2026 upload 884213", (884213,), id="year"),
        pytest.param("on Nov 23, 2026 it was 884213", (884213,), id="year-behind-a-day"),
        pytest.param(f"see {URL} and job 884214", (884213, 884214), id="url-and-name"),
        pytest.param(SCREEN, (101, 102, 103, 105, 884300), id="screen"),
        pytest.param(ASCII_SCREEN, (101, 102, 104, 105), id="ascii-screen"),
        pytest.param("✖ FAILED       884213 REFRESH  W05  UPC 0050651", (884213,), id="row"),
        pytest.param("> ✖ FAILED   884213 REFRESH\n> · PENDING  884214 REFRESH", (884213, 884214), id="quoted-rows"),
        pytest.param(FAREWELL, (884213, 884214, 884216, 884215), id="lines-at-quitting"),
        pytest.param(MANY_FAREWELL, (1001, 1002, 1003, 2001), id="counts-at-quitting"),
        pytest.param("$ jobdeck get 884213,7", (884213, 7), id="command"),
        pytest.param(TABLE, (101, 99), id="table"),
        pytest.param(MARKDOWN, (101, 102), id="markdown"),
        pytest.param(CSV, (101, 102), id="csv"),
        pytest.param(WATCH, (101, 102, 884213), id="watch"),
    ],
)
def test_ids_are_picked_out_of_other_text(text, job_ids):
    understood = extract_ids(text)

    assert understood.job_ids == job_ids
    assert understood.problem is None


FACES = {
    "pending": ["PENDING"],
    "working": ["WORKING"],
    "failed": [job(884213, "FAILED", **NAMED, **ENDED, messages=["UPC 4711 not found, job 17 neither"])],
    "unknown": ["WAITING_FOR_THE_MOON_TO_RISE"],
    "unread": [],
    "missing": [NOWHERE],
    "down": [DOWN],
    "stale": ["SUCCESS", DOWN],
}


@pytest.mark.parametrize("look", [LOOK, ASCII], ids=["glyphs", "ascii"])
@pytest.mark.parametrize("job_id", [884213, 7, LARGEST_ID], ids=["id", "shortest", "longest"])
@pytest.mark.parametrize("readings", FACES.values(), ids=FACES)
def test_what_jobdeck_shows_of_a_job_holds_its_id(readings, job_id, look):
    tracked = after(*readings, job_id=job_id)
    edge = "|" if look is ASCII else "│"
    corner = "+-" if look is ASCII else "┌─"

    for link in LINKS.values():
        for width in (60, 76, 118):
            columns = Columns.for_list(Watchlist().with_jobs([tracked]), width)
            for is_pinned in (False, True):
                text = f"{edge} {text_of(row(tracked, link, columns, look, is_pinned=is_pinned))} {edge}"
                assert extract_ids(text).job_ids == (job_id,), text
        text = f"{corner} {text_of(title(tracked, look))} {corner}"
        assert extract_ids(text).job_ids == (job_id,), text
    assert extract_ids(job_line(tracked)).job_ids == (job_id,)


@pytest.mark.parametrize("end", ["\r", "\r\n"], ids=["cr", "crlf"])
@pytest.mark.parametrize(
    "text",
    [LOG, SCREEN, FAREWELL, WATCH, CSV, "Failed jobs:\n- 884213\n- 884214\n"],
    ids=["log", "screen", "summary", "watch", "csv", "list"],
)
def test_ends_of_lines_may_be_those_of_a_terminal(text, end):
    assert extract_ids(text.replace("\n", end)).job_ids == extract_ids(text).job_ids


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("abc", id="word"),
        pytest.param("on 23 at 9", id="small-numbers"),
        pytest.param("2026-11-23T09:30:00Z", id="timestamp"),
        pytest.param("10.0.0.12:8080", id="address"),
        pytest.param("7f3a8842-1234-5678-9abc-def012345678", id="uuid"),
        pytest.param("v1.2.34567", id="version"),
        pytest.param("9" * 40 + "x", id="too-long"),
        pytest.param("UPC 0050651 not found at location W05", id="code"),
        pytest.param("UPC 885909950805 not found, row 4711", id="codes-without-a-zero"),
        pytest.param("12000 items in 2500 ms", id="amounts"),
        pytest.param("12 jobs: 7 PENDING, 2 FAILED", id="counts"),
        pytest.param("job 1 of 3, job 50% done", id="progress"),
        pytest.param(f"job {LARGEST_ID + 1}", id="out-of-range"),
        pytest.param("jobdeck --tenant 31014", id="command-without-ids"),
    ],
)
def test_text_without_ids_has_a_problem(text):
    understood = extract_ids(text)

    assert understood.job_ids == ()
    assert isinstance(understood.problem, NotAJob)


def test_empty_text_has_neither_ids_nor_a_problem():
    assert extract_ids("") == ExtractedIds()


IDS = st.lists(st.integers(100_000, 999_999), unique=True, min_size=1, max_size=8)


@given(IDS, st.sampled_from([", ", ",", " and ", "; ", " & "]))
def test_no_id_of_a_list_behind_jobs_is_dropped_and_none_invented(job_ids, between):
    assert extract_ids(f"Jobs {between.join(map(str, job_ids))} have failed.").job_ids == tuple(job_ids)


@given(IDS)
def test_ids_written_shortly_are_found_behind_jobs_too(job_ids):
    assert extract_ids(f"The jobs {written(job_ids)} have failed.").job_ids == tuple(job_ids)


@given(
    st.lists(
        st.sampled_from(
            ["job 501", "jobs", ":", "/queue/503", '"jobID": 507', "884213", "0050651", "✖ FAILED", "x", "\n", "│", ","]
        )
    )
)
def test_only_numbers_of_the_text_are_ids(pieces):
    found = extract_ids(" ".join(pieces)).job_ids

    assert set(found) <= {501, 503, 507, 884213}.union(
        [50651] if set(pieces) <= {"884213", "0050651", "/queue/503", "\n", ",", ":"} else []
    )
    assert {"job 501", '"jobID": 507', "/queue/503"}.isdisjoint(pieces) or found


RANGES = [
    pytest.param("102 - 103", ["102-103"], id="blanks"),
    pytest.param("102\N{EM DASH}103", ["102-103"], id="em-dash"),
    pytest.param("jobs 884213 to 884215", ["884213-884215"], id="word"),
    pytest.param("jobs 5-7, 9 and 11-12", ["5-7", "11-12"], id="two"),
    pytest.param("a201-203", ["201-203"], id="letter"),
]


@pytest.mark.parametrize(("text", "ranges"), RANGES)
def test_ranges_are_told(text, ranges):
    assert [str(each) for each in extract_ids(text).ranges] == ranges


@pytest.mark.parametrize(
    ("text", "is_loose"),
    [
        ("884213", False),
        ("884213-884215", False),
        ("5..7", False),
        ("884213, 5 # x", False),
        ("102 - 103", True),
        ("job 884213", True),
    ],
)
def test_a_list_in_our_own_form_needs_no_words(text, is_loose):
    assert extract_ids(text).is_loose is is_loose


@pytest.mark.parametrize(
    ("text", "found"),
    [("884213", Found.LIST), ("job 884213", Found.NAMED), ('{"jobID": 5}', Found.NAMED), ("see 884213", Found.GUESSED)],
)
def test_how_ids_were_found_is_told(text, found):
    assert extract_ids(text).found is found


@pytest.mark.parametrize(
    ("text", "shown", "total"),
    [
        pytest.param("tenantID 30294 jobID 884213 items 3000", "tenantID 30294, items 3000", 2, id="labels"),
        pytest.param(
            '{"jobID": 884213, "tenantID": 30294, "upc": "0012345678905"}',
            "tenantID 30294, upc 0012345678905",
            2,
            id="keys",
        ),
        pytest.param(
            "tenantID,jobID,items\n30294,884213,3000\n30294,884214,3012\n",
            "tenantID 30294, items 3000",
            2,
            id="columns",
        ),
        pytest.param("see 884213, order 1002334", "order 1002334", 1, id="guess"),
        pytest.param("a 111 b 222 c 333 d 444 job 5", "a 111, b 222, c 333, …", 4, id="more-than-are-shown"),
        pytest.param("job 884213", "", 0, id="nothing"),
        pytest.param("job 884,213", "", 0, id="grouped"),
        pytest.param("jobs 884,213 and 884,214", "", 0, id="grouped-twice"),
        pytest.param("job 884'213", "", 0, id="grouped-by-apostrophes"),
        pytest.param("0412;884213", "0412", 1, id="location-before"),
        pytest.param("1707\t884213\tFAILED\n1708\t884214\tSUCCESS", "1707", 1, id="column-without-a-name"),
        pytest.param("jobs 884213, 884214 in store 1707, 884215 in store 1708", "store 1707, …", 2, id="stores"),
        pytest.param("job 884,213; order 213", "order 213", 1, id="part-of-a-grouped"),
    ],
)
def test_numbers_that_are_skipped_are_named(text, shown, total):
    skipped = extract_ids(text).skipped

    assert (skipped.shown(3), skipped.total) == (shown, total)


@pytest.mark.parametrize(
    ("text", "job_ids", "reason"),
    [
        pytest.param('{"jobIDs": [884213, 8842', (884213,), "jobIDs '8842…' is cut off", id="cut-off"),
        pytest.param('[{"jobID": 5}, {"jobID": "x"}]', (5,), "jobID 'x' is no job id", id="json"),
        pytest.param("job 5 and jobs 1-20000", (5,), "range 1-20000, which holds 20,000 ids", id="range"),
        pytest.param("job 884213, jobID 99999999999999999999", (884213,), "out of range", id="too-large"),
        pytest.param("job 884 213 failed", (), "884 213, which may be one job or several", id="blank"),
        pytest.param("jobs 884 213, 884 214", (), "884 213, which may be one job or several", id="blanks"),
        pytest.param("30294;884213\n30295;884214", (), "several columns may be the job ids", id="columns"),
        pytest.param("jobs 884,213", (), "884,213, which may be one job or several", id="one-or-several"),
    ],
)
def test_what_is_called_a_job_and_is_none_is_a_problem_beside_the_ids(text, job_ids, reason):
    understood = extract_ids(text)

    assert understood.job_ids == job_ids
    assert reason in understood.problem.reason
    assert text[understood.problem.position - 1 :].startswith(tuple("0123456789x"))


@pytest.mark.parametrize(
    ("text", "position"),
    [("884213\n88421O\n884215", 8), ("884213, abc", 9), ("5 x", 3), ("  1\n\n x", 7)],
)
def test_a_slip_in_a_list_is_named_with_its_place(text, position):
    assert extract_ids(text).problem.position == position


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(",".join(f"{first}-{first + 9_999}" for first in range(1, 200_001, 10_000)), id="list"),
        pytest.param(
            "jobs " + ", ".join(f"{first}-{first + 9_999}" for first in range(100_000, 300_000, 10_000)), id="words"
        ),
        pytest.param(f'{{"jobIDs": {list(range(1, 100_002))}}}', id="answer"),
    ],
)
def test_more_ids_than_can_be_followed_are_refused_and_never_cut(text):
    understood = extract_ids(text)

    assert understood.job_ids == ()
    assert f"more than {LONGEST_LIST:,} jobs" in understood.problem.reason


def test_as_many_ids_as_the_simulator_has_can_be_given():
    assert len(extract_ids("\n".join(map(str, range(1, LONGEST_LIST + 1)))).job_ids) == LONGEST_LIST


HOSTILE = {
    "jobs": "job ", "digits": "1", "blanks": " ", "ids": "1234 ", "list": "1234, ", "commands": "jobdeck --a ", "options": " --a b",
    "frames": "│ ", "quotes": "> > >\n", "counts": "1,234 jobs: ", "rows": "884213  FAILED\n", "braces": "{", "braces-apart": "{ ",
    "brackets": "[", "nested": '{"a":', "lists": "[1,", "quotes-in-braces": '{"', "escapes": '{"\\"', "answers": '{"jobID": 884213} ',
    "answers-in-lines": 'x {"jobID": 884213, "a": [1, {"b": 3}]}\n', "dashes": "-", "headers": 'a,jobID\n"x\n', "columns": "jobID  x\n1 2\n",
    "tabs": "jobID\t", "labels": "job 884213\n", "words": "jobs are so many words here ", "sentences": "job is the ", "lines": "job\n",
    "tags": "<job>1</job>", "open-tags": "<a ", "entities": "&quot;", "percent": "%22", "colours": "\x1b[1m", "titles": "\x1b]",
    "addresses": "a@", "protocols": "a://", "statuses": "HTTP/1.1 500 X\n\n{}\n", "telephones": "+1 ", "accounts": "DE12 ",
    "urls": "/queue/1 ", "groups": "1,000", "ranges": "1-9999 x\n", "hashes": "#1 ", "dots": "1..2 ", "bullets": "- 1\n",
    "yaml": "jobID: 1\n", "nothing": "\0", "ends": "\r", "odd-blanks": "\u00a01", "pages": "<html><title>", "snakes": "job_",
    "forms": "job=1&", "qualifiers": "jobs 884213 in store 1, ", "rows-without-names": "884213\t17\tx\n", "own": "x FAILED", "files": "*.csv", "letters": "é",
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_paste_is_read_in_linear_time(name):
    piece = HOSTILE[name]
    quarter, whole = (f"jobs x {piece * (size // len(piece))}x" for size in (40_000, 160_000))

    # Of four times the text; sixteen times would be quadratic, each time, and a busy machine is slow now and then.
    assert any(cpu_s(whole) < 10 * max(cpu_s(quarter), 0.02) for _ in range(4))


@given(st.text(st.sampled_from(list("job ID:=\"{}[],;|-\n\t0123456789#'<>/.x"))), st.integers(1, 4))
def test_any_text_is_read_and_what_is_read_is_in_range(text, times):
    understood = extract_ids(text * times)

    assert all(1 <= job_id <= LARGEST_ID for job_id in understood.job_ids)
    assert len(set(understood.job_ids)) == len(understood.job_ids)
    assert understood.problem is None or str(understood.problem).isprintable()


def cpu_s(text):
    """The time that this thread computed for a text; other ones make little difference."""
    started_s = time.thread_time()
    extract_ids(text)
    return time.thread_time() - started_s


@pytest.mark.parametrize(
    ("words", "job_ids"),
    [
        ("get 884213", (884213,)),
        ("wait --any 884213", (884213,)),
        ("get --interval 5 884213", (884213,)),
        ("get --interval=5 884213", (884213,)),
        ("wait --fail-fast --interval 5 884213 884215", (884213, 884215)),
        ("--token-command 'pass show 7 x' 884213", (884213,)),
        ("--token-command 'pass' 884213", (884213,)),
        ("get W01 884213", (884213,)),
        ("get 884213 --interval 5", (884213,)),
        ("history 884213-884215", (884213, 884214, 884215)),
    ],
)
def test_a_command_of_jobdeck_has_jobs_and_values_of_options(words, job_ids):
    assert extract_ids(f"$ jobdeck {words}").job_ids == job_ids


@pytest.mark.parametrize(
    ("text", "job_ids"),
    [
        ("jobs between 884213 and 884215", (884213, 884214, 884215)),
        ("jobs between 5 and 8", (5, 6, 7, 8)),
        ("jobs from 884213 to 884215", (884213, 884214, 884215)),
        ("jobs from 2025 to 2026", ()),
        ("jobs between 884213, 884215", (884213, 884215)),
        ("jobs 884213-15 failed", (884213, 884214, 884215)),
        ("jobs 884213-884213 failed", (884213,)),
        ("jobs 884213 in store 1707, 884214 failed", (884213, 884214)),
        ("jobs 884213 in store 884200, 884214 failed", (884213,)),
        ("jobs 884213 in store 1707, 984214 failed", (884213,)),
        ("jobs=884213 items=3000", ()),
        ("job ids: 4", (4,)),
        ("Job4 884213", (884213,)),
        ("jobs: 4", ()),
        ("jobs 884 885 886", (884, 885, 886)),
    ],
)
def test_numbers_behind_jobs(text, job_ids):
    assert extract_ids(text).job_ids == job_ids


@pytest.mark.parametrize(
    ("text", "job_ids"),
    [
        pytest.param("see 884213, 884214 and 7123", (884213, 884214), id="most-frequent-length"),
        pytest.param("see 99990 and 100010 and 99980", (99990, 100010, 99980), id="near-across-a-power-of-ten"),
        pytest.param("see 99999 and 110000 and 99998", (99999, 99998), id="not-near"),
        pytest.param("see 8842 and 884213", (884213,), id="longest-of-equally-frequent"),
        pytest.param("see 884213-884215", (884213, 884214, 884215), id="range"),
        pytest.param("see 884215-884213", (), id="backwards"),
        pytest.param("see 884213-894212", tuple(range(884213, 894213)), id="longest-range"),
        pytest.param("see 884213-894213", (), id="too-long-a-range"),
        pytest.param("see 20261129 and 884213", (884213,), id="date"),
        pytest.param("see 1790000000 and 884213", (884213,), id="seconds-since-1970"),
        pytest.param("order 884213 and 884214", (884214,), id="number-with-another-name"),
        pytest.param("order **884213** and 884214", (884214,), id="emphasised-number-with-another-name"),
    ],
)
def test_numbers_without_a_name_that_may_be_ids(text, job_ids):
    assert extract_ids(text).job_ids == job_ids


@pytest.mark.parametrize(
    ("text", "is_null"), [("null", True), (" None \n", True), ("null null", False), ("nil", False)]
)
def test_null_alone_is_an_answer_without_a_job(text, is_null):
    assert (extract_ids(text) == ExtractedIds(without_job=1)) is is_null


@pytest.mark.parametrize(
    ("text", "job_ids"),
    [
        ("cron job 4711, job 884213", (884213,)),
        ("inventoryjob 471", (471,)),
        ("Kibojob 47", (47,)),
        ("print job 47: x", ()),
        ("xjob 47", ()),
        ("5job 47", ()),
        ("(job: 47)", (47,)),
        ("the job: 47", (47,)),
        ("jenkins_job: 47", ()),
        ("slurm.job: 47", ()),
        ("Bestandsjob: 47", (47,)),
        ("jobs from 88421 to 88423", (88421, 88422, 88423)),
        ("job 88-90", (88, 89, 90)),
        ("job 884213-99", (884213,)),
        ("jobs 884213-16", (884213, 884214, 884215, 884216)),
        ("see https://jenkins.x/jobs/88421", ()),
        ("see https://x.com/jobs/88421", (88421,)),
        ("see https://x.com/jobs/884", ()),
        ("jobs per day: 88421", ()),
        ("jobs 8842", (8842,)),
        ("jobs 884", ()),
        ("jobs 12, 13", (12, 13)),
        ("jobs:\n12\n13", (12, 13)),
        ("job 1,234,567", (1234567,)),
        ("jobs 1,234,567", ()),
        ("jobs 884,213 and 990,214", ()),
        ("jobs 884,213 and 885,214", (884213, 885214)),
        ("jobs 884 984", (884, 984)),
        ("jobs 884 985", ()),
    ],
)
def test_the_words_around_a_number_decide_whose_job_it_is(text, job_ids):
    assert extract_ids(text).job_ids == job_ids
