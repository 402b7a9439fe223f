import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.core.job_ids import LARGEST_ID, LONGEST_LIST, LONGEST_RANGE, NotAJob, parse, read_list, valid_id, written

IDS = st.lists(st.one_of(st.integers(1, 60), st.integers(1, LARGEST_ID)), unique=True, max_size=60)

URL = "https://t4711.sandbox.mozu.com/api/commerce/inventory/v5/inventory/queue/884213"


@pytest.mark.parametrize(
    ("text", "job_ids"),
    [
        pytest.param("", (), id="empty"),
        pytest.param(" \n", (), id="blank"),
        pytest.param("884213", (884213,), id="one"),
        pytest.param("884213,884214", (884213, 884214), id="commas"),
        pytest.param("884213; 884214\n\t884215", (884213, 884214, 884215), id="any-separator"),
        pytest.param("3 1 3 2 1", (3, 1, 2), id="each-once-in-order"),
        pytest.param("5-8", (5, 6, 7, 8), id="range"),
        pytest.param("5..8", (5, 6, 7, 8), id="dots"),
        pytest.param("5 - 8", (5, 6, 7, 8), id="blanks-around-the-dash"),
        pytest.param("5-\t8, 11 -12", (5, 6, 7, 8, 11, 12), id="blanks-on-one-side"),
        pytest.param("5 to 8", (5, 6, 7, 8), id="word"),
        pytest.param("5 bis 8", (5, 6, 7, 8), id="german"),
        *(
            pytest.param(f"5{dash}8", (5, 6, 7, 8), id=f"dash-{ord(dash):x}")
            for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2026"
        ),
        pytest.param("5\N{EN DASH}8", (5, 6, 7, 8), id="dash-of-a-mail-program"),
        pytest.param("7-7", (7,), id="range-of-one"),
        pytest.param("5-7,6-9", (5, 6, 7, 8, 9), id="overlap"),
        pytest.param(str(LARGEST_ID), (LARGEST_ID,), id="largest"),
        pytest.param(URL, (884213,), id="url"),
        pytest.param(f"{URL}?x=1", (884213,), id="url-with-query"),
        pytest.param("jobs/884213", (884213,), id="path"),
        pytest.param("https://host/x/jobs/884213/messages", (884213,), id="url-of-a-page"),
        pytest.param(f"1-{LONGEST_RANGE}", tuple(range(1, LONGEST_RANGE + 1)), id="longest-range"),
        pytest.param(f"{LARGEST_ID - 1}-{LARGEST_ID}", (LARGEST_ID - 1, LARGEST_ID), id="range-at-the-end"),
    ],
)
def test_parse(text, job_ids):
    assert parse(text) == job_ids


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        pytest.param("abc", 1, "'abc' is no job id", id="word"),
        pytest.param("884213, abc", 9, "'abc' is no job id", id="behind-a-good-one"),
        pytest.param("  1\n\n x", 7, "'x' is no job id", id="behind-blanks"),
        pytest.param("884213;0412", 8, "'0412' is no job id: it begins with 0", id="leading-zero"),
        pytest.param("https://gitlab.com/x/-/jobs/884213", 1, "is no job id", id="url-of-another-program"),
        pytest.param("/jobs/88421312-1234", 1, "is no job id", id="uuid"),
        pytest.param("0", 1, "0 is out of range", id="zero"),
        pytest.param("1,0-3", 3, "0-3 is out of range", id="range-from-zero"),
        pytest.param(str(LARGEST_ID + 1), 1, f"{LARGEST_ID + 1} is out of range", id="too-large"),
        pytest.param("9" * 5000, 1, "9" * 60 + " is out of range", id="absurdly-long"),
        pytest.param("8-5", 1, "range 8-5 runs backwards: write 5-8", id="backwards"),
        pytest.param(
            f"1-{LONGEST_RANGE + 1}", 1, "holds 10,001 ids, at most 10,000 are allowed", id="too-long-a-range"
        ),
        pytest.param(f"1-{LARGEST_ID}", 1, "at most 10,000 are allowed", id="longest-possible-range"),
        pytest.param("-5", 1, "'-5' is no job id", id="negative"),
        pytest.param("1.5", 1, "'1.5' is no job id", id="fraction"),
        pytest.param("1-2-3", 1, "'1-2-3' is no job id", id="two-dashes"),
        pytest.param("5\n- 8", 3, "'-' is no job id", id="dash-of-another-line"),
        pytest.param('{"x":"/queue/5"}', 1, "is no job id", id="url-in-json"),
        pytest.param("\u0663", 1, "is no job id", id="digit-of-another-script"),
        pytest.param("/queue/0", 1, "/queue/0 is out of range", id="url-of-zero"),
        pytest.param("5\x1b[2J", 1, r"'5\\x1b[2J' is no job id", id="control-characters"),
    ],
)
def test_what_is_no_job_is_named_with_its_position(text, position, says):
    with pytest.raises(NotAJob) as caught:
        parse(text)

    assert caught.value.position == position
    assert says in caught.value.reason
    assert str(caught.value).endswith(f"(character {position})")


@given(st.text())
@example("\x1b]0;x\x07")
@example("\u202e1")
def test_problem_is_one_line_of_harmless_text(text):
    problem = None
    try:
        parse(text)
    except NotAJob as error:
        problem = error

    assert problem is None or str(problem).isprintable()


@given(st.text("0123456789-., ;/queab\n"))
def test_parse_reads_ids_or_names_a_piece_that_is_there(text):
    job_ids, problem = (), None
    try:
        job_ids = parse(text)
    except NotAJob as error:
        problem = error

    assert len(set(job_ids)) == len(job_ids)
    assert all(1 <= job_id <= LARGEST_ID for job_id in job_ids)
    assert problem is None or re.match(r"[^\s,;]", text[problem.position - 1 :])
    assert problem is None or problem.position == 1 or text[problem.position - 2] in " ,;\n"


# written


@given(IDS)
def test_what_is_written_reads_as_the_same_ids(job_ids):
    assert parse(written(job_ids)) == tuple(job_ids)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 12_000)), max_size=3))
def test_long_runs_are_written_so_that_they_can_be_read(runs):
    job_ids = tuple(dict.fromkeys(job_id for first, size in runs for job_id in range(first, first + size)))

    assert parse(written(job_ids)) == job_ids


@pytest.mark.parametrize(
    ("job_ids", "text"),
    [
        pytest.param((), "", id="none"),
        pytest.param((5,), "5", id="one"),
        pytest.param((5, 6), "5,6", id="two-in-a-row"),
        pytest.param((5, 6, 7), "5-7", id="three-in-a-row"),
        pytest.param((7, 6, 5), "7,6,5", id="falling"),
        pytest.param((1, 5, 6, 7, 9), "1,5-7,9", id="mixed"),
        pytest.param(range(1, LONGEST_RANGE + 4), "1-10000,10001-10003", id="longer-than-a-range-may-be"),
    ],
)
def test_written(job_ids, text):
    assert written(tuple(job_ids)) == text


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("0", None),
        ("1", 1),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("0" * 29 + "5", 5),
        ("0" * 30 + "5", None),
    ],
)
def test_an_id_is_positive_and_has_63_bits(digits, expected):
    assert valid_id(digits) == expected


def test_a_range_has_at_most_ten_thousand_ids_and_a_list_its_limit():
    assert len(parse(f"1-{LONGEST_RANGE}")) == LONGEST_RANGE == 10_000
    with pytest.raises(NotAJob, match="10,001 ids, at most 10,000"):
        parse(f"1-{LONGEST_RANGE + 1}")

    most = ",".join(f"{first}-{first + LONGEST_RANGE - 1}" for first in range(1, LONGEST_LIST, LONGEST_RANGE))
    assert len(parse(most)) == LONGEST_LIST
    with pytest.raises(NotAJob, match="more than") as refused:
        parse(f"{most},1")
    assert refused.value.position == len(most) + 2


@pytest.mark.parametrize(
    ("job_ids", "text"),
    [((), ""), ((1, 2), "1,2"), ((1, 2, 3), "1-3"), ((3, 2, 1), "3,2,1"), ((1, 2, 3, 5, 7, 8), "1-3,5,7,8")],
)
def test_three_ids_in_a_row_become_a_range(job_ids, text):
    assert written(job_ids) == text


def test_a_range_that_is_written_can_be_read():
    job_ids = tuple(range(1, LONGEST_RANGE + 3))

    assert written(job_ids) == "1-10000,10001,10002"
    assert parse(written(job_ids)) == job_ids


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [("5-7", True), ("5..7", True), ("5 - 7", False), ("5...7", False), ("05-7", False), ("5 to 7", False)],
)
def test_our_own_form_of_a_range_is_known(text, is_plain):
    assert [each.is_plain for each in read_list(text).ranges] == [is_plain]
