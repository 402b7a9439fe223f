import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tui.api.response_cache import job_from, jobs_from
from tui.core.json_decoding import decode
from tui.domain.job import LARGEST_ID, Job, identity
from tui.domain.job_source import JobQuery
from tui.domain.job_status import JobStatus, JobType

DATA = Path(__file__).parents[1] / "data"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "jobID",
    "tenantID",
    "locationCode",
    "type",
    "added",
    "started",
    "finished",
    "originalFilename",
    "hasData",
    "itemCount",
    "status",
    "success",
    "messages",
    "numResults",
]


def job_in(name):
    return job_from(decode((DATA / name).read_bytes()), job_id=884213)


def job_with(field, json_text):
    return Job.from_raw(decode(b'{"%s": %s}' % (field.encode(), json_text.encode())), job_id=884213)


def test_a_whole_job_is_read():
    job = job_in("job.json")

    assert (job.job_id, job.tenant_id, job.location_code, job.type) == (884213, 4711, "WH-07", JobType.REFRESH)
    assert job.added == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert job.started == datetime(2026, 11, 23, 9, 31, 36, 500_000, UTC)
    assert job.finished == datetime(2026, 11, 23, 9, 33, tzinfo=UTC)
    assert (job.original_filename, job.has_data, job.item_count, job.num_results) == ("stock.csv", False, 12000, 1)
    assert job.messages == ("row 7: no such product",)
    assert job.unread == ()


def test_status_decides_whatever_success_says():
    job = job_in("job.json")

    assert (job.status, job.success, job.is_ended) == (JobStatus.FAILED, True, True)


FINISHED = "2026-11-23T09:33:27Z"


@pytest.mark.parametrize(
    ("status", "finished", "is_ended"),
    [
        ("SUCCESS", None, True),
        ("FAILED", None, True),
        ("PENDING", FINISHED, False),
        ("WORKING", FINISHED, False),
        ("Success", FINISHED, True),
        ("CANCELLED", FINISHED, True),
        ("CANCELLED", "2026-11-23 09:33:27", True),
        (" SUCCESS", FINISHED, True),
        ("", FINISHED, True),
        (None, FINISHED, True),
        (7, FINISHED, True),
        ("Success", None, False),
        ("CANCELLED", "", False),
        ("CANCELLED", "0001-01-01T00:00:00Z", False),
        ("CANCELLED", "9999-12-31T23:59:59Z", False),
        ("CANCELLED", "soon", False),
        (None, None, False),
    ],
)
def test_a_job_has_ended_by_a_known_status_or_else_once_finished_is_set(status, finished, is_ended):
    job = Job.from_raw({"status": status, "finished": finished}, job_id=1)

    assert job.is_ended == is_ended


@pytest.mark.parametrize("body", [b"{}", (DATA / "job_of_nulls.json").read_bytes()], ids=["missing", "null"])
def test_missing_and_null_are_none(body):
    job = Job.from_raw(decode(body), job_id=5)

    readings = {name: value for name, value in job if name not in {"job_id", "raw", "sent", "messages"}}
    assert set(readings.values()) == {None}
    assert (job.job_id, job.messages, job.unread, job.is_ended) == (5, (), (), False)


def test_wrong_types_are_kept_verbatim_and_named():
    job = job_in("job_of_wrong_types.json")

    assert job.unread == (
        "tenantID",
        "locationCode",
        "added",
        "started",
        "finished",
        "originalFilename",
        "hasData",
        "itemCount",
        "success",
        "numResults",
    )
    assert [job.verbatim(name) for name in ("tenantID", "added", "itemCount", "success")] == [
        "{}",
        "1763890205",
        "5",
        "1",
    ]
    assert (job.status, job.type, job.messages) == ("3", '["REFRESH"]', ("late",))


def test_unknown_values_and_fields_are_kept():
    job = job_in("job_from_tomorrow.json")

    assert (job.status, job.status.is_known, job.status.is_terminal, job.is_ended) == ("PAUSED", False, False, False)
    assert (job.type, job.type.is_known) == ("TELEPORT", False)
    assert job.verbatim("priority") == '{"level": 3}'


def test_unknown_fields_are_kept_in_the_servers_order():
    job = Job.from_raw({"zone": 1, "status": "PENDING", "area": [2], "jobID": 7}, job_id=7)

    assert [*job.model_extra.items()] == [("zone", 1), ("area", [2])]
    assert [*job.raw] == ["zone", "status", "area", "jobID"]


def test_jobs_compare_by_what_the_server_sent():
    one, same, other = (Job.from_raw({"jobID": 7, "x": x}, job_id=7) for x in (1, 1, True))

    assert (one == same, one == other) == (True, False)
    assert hash(one) == hash(same)


def test_a_job_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        job_in("job.json").status = JobStatus.SUCCESS


def test_hostile_strings_are_harmless_everywhere():
    job = job_in("job_hostile.json")

    assert job.status == r"\x9b2J"
    assert job.messages[1] == r"\x1b[c\x1b[>q"
    assert all(text.isprintable() for text in [*job.sent, job.location_code, job.original_filename, *job.messages])


def test_control_characters_that_json_forbids_are_harmless_too():
    body = b'{"locationCode": "W\x1b]0;x\x07", "messages": ["\x1b[c"]}'

    job = Job.from_raw(decode(body), job_id=1)
    (listed,) = jobs_from(decode(b'[{"jobID": 1, %b]' % body[1:]))

    assert job.location_code == listed.location_code == r"W\x1b]0;x\x07"
    assert job.messages == (r"\x1b[c",)


def test_hostile_strings_are_kept_for_programs():
    assert job_in("job_hostile.json").raw == json.loads((DATA / "job_hostile.json").read_bytes())


@pytest.mark.parametrize("file_name", ["a.csv", "L\u00e4ger \u6771\u4eac.csv"], ids=["ASCII", "letters"])
def test_object_that_is_fit_to_be_shown_is_kept_once(file_name):
    job = Job.from_raw(decode(json.dumps({"originalFilename": file_name, "messages": []}).encode()), job_id=1)

    assert job.raw is job.sent


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("NaN", "NaN"),
        ("1e999", "Infinity"),
        ("-1e999", "-Infinity"),
        ("-5", "-5"),
        ("1" + "0" * 30, "1" + "0" * 30),
        ('"5"', "5"),
        ("true", "true"),
        ("5.5", "5.5"),
    ],
)
def test_a_count_that_is_none_shows_what_came(sent, shown):
    job = job_with("itemCount", sent)

    assert (job.item_count, job.verbatim("itemCount"), job.unread) == (None, shown, ("itemCount",))


@pytest.mark.parametrize("count", [0, 1, 2**63 - 1])
def test_a_count_is_read(count):
    assert job_with("itemCount", str(count)).item_count == count


def test_messages_of_any_type_become_text():
    assert job_with("messages", '[1, null, {"a": [1]}, "x"]').messages == ("1", "null", '{"a": [1]}', "x")


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(), JSON))
def test_any_object_is_a_job_with_every_field_shown(sent):
    sent["jobID"] = 7

    job = Job.from_raw(decode(json.dumps(sent).encode()), job_id=7)

    assert len(job.sent) <= len(sent)
    assert all(
        job.verbatim(name).replace("\n", "").isprintable() for name in job.sent if job.verbatim(name) is not None
    )


@pytest.mark.parametrize("kind", [JobStatus, JobType])
def test_an_unknown_value_equals_itself_and_survives_a_copy(kind):
    member = kind("NEW")

    assert member == kind("NEW") == "NEW"
    assert len({member, kind("NEW")}) == 1
    assert str(copy.deepcopy(member)) == "NEW"


def test_a_query_repeats_types_and_leaves_out_what_is_not_asked():
    query = JobQuery(location_code="WH 7", types=("REFRESH", "ADJUST"), limit=5)

    assert query.parameters() == (("locationCode", "WH 7"), ("limit", "5"), ("types", "REFRESH"), ("types", "ADJUST"))
    assert JobQuery().parameters() == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (1, 1),
        (LARGEST_ID, LARGEST_ID),
        (LARGEST_ID + 1, None),
        (-1, None),
        ("0", 0),
        ("884213", 884213),
        (str(LARGEST_ID), 9_223_372_036_854_775_807),
        (str(LARGEST_ID + 1), None),
        ("0" * 3_999 + "7", 7),
        ("0" * 4_000 + "7", None),
        ("-1", None),
        ("\u0663", None),
        ("\u00b2", None),
        ("", None),
        (True, None),
        (5.0, None),
        (None, None),
        ([5], None),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_an_id_is_a_whole_number_in_range_or_its_digits(value, expected):
    assert identity(value) == expected


@pytest.mark.parametrize("field", ["tenantID", "locationCode", "originalFilename"])
@pytest.mark.parametrize(("length", "is_short"), [(200, True), (201, False)])
def test_names_of_more_than_200_characters_are_not_short(field, length, is_short):
    origin = Job.from_raw(
        {"tenantID": "1", "locationCode": "W", "originalFilename": None} | {field: "x" * length}, job_id=1
    )

    assert origin.origin.is_short is is_short


def test_an_unknown_name_is_cut_at_200_characters():
    job = Job.from_raw({"status": "x" * 201, "type": "y" * 201}, job_id=1)

    assert (job.status, job.type) == ("x" * 200, "y" * 200)


def test_an_origin_holds_names_as_they_were_sent_and_no_other_values():
    job = Job.from_raw({"tenantID": 7, "locationCode": "W\x1b", "originalFilename": 5}, job_id=1)

    assert job.origin == ("7", None, "W\x1b", None)


def test_jobs_with_another_id_or_of_another_kind_are_not_equal():
    raw = {"status": "PENDING"}

    assert Job.from_raw(raw, job_id=1) != Job.from_raw(raw, job_id=2)
    assert Job.from_raw(raw, job_id=1) != "job 1"


def test_a_representation_holds_no_text_of_the_server_twice():
    shown = repr(Job.from_raw({"status": "PENDING", "x": 5}, job_id=1))

    assert "raw=" not in shown
    assert "sent=" not in shown


def test_all_jobs_share_one_set_of_field_names():
    one, other = (Job.from_raw({"jobID": number}, job_id=number) for number in (1, 2))

    assert one.model_fields_set is other.model_fields_set
