import pytest

from tests.support.factories import at, job
from tui.domain.job_source import JobQuery
from tui.domain.selection import FILE_TYPES, Selection, forms, is_pattern, names

COMPOSED, DECOMPOSED = "L\u00e4ger.csv", "La\u0308ger.csv"


@pytest.mark.parametrize(("file", "expected"), [("inv.csv", False), ("inv*", True), ("inv?.csv", True), ("*?", True)])
def test_a_name_with_a_star_or_a_question_mark_is_a_pattern(file, expected):
    assert is_pattern(file) is expected


@pytest.mark.parametrize(
    ("selection", "query"),
    [
        pytest.param(Selection(), JobQuery(), id="anything"),
        pytest.param(Selection(location="W01"), JobQuery(location_code="W01"), id="location"),
        pytest.param(Selection("inv.csv"), JobQuery(original_filename="inv.csv"), id="name"),
        pytest.param(
            Selection("inv.csv", "W01"), JobQuery(location_code="W01", original_filename="inv.csv"), id="name-at"
        ),
        pytest.param(Selection("inv*"), JobQuery(types=FILE_TYPES), id="pattern"),
        pytest.param(Selection("inv?", "W01"), JobQuery(location_code="W01", types=FILE_TYPES), id="pattern-at"),
        pytest.param(Selection(since=at()), JobQuery(), id="since"),
    ],
)
def test_the_query_names_what_the_api_can_filter_by(selection, query):
    assert selection.query == query


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(), ""),
        (Selection("inv.csv"), "of inv.csv"),
        (Selection(location="W01"), "at W01"),
        (Selection(since=at()), "since 2026-11-23T12:00:00.000Z"),
        (Selection("inv.csv", "W01", at()), "of inv.csv at W01 since 2026-11-23T12:00:00.000Z"),
    ],
)
def test_criteria_read_as_words(selection, words):
    assert selection.words == words


@pytest.mark.parametrize(
    ("selection", "fields", "expected"),
    [
        pytest.param(Selection(), {}, True, id="anything"),
        pytest.param(Selection("inv.csv"), {"originalFilename": "inv.csv"}, True, id="name"),
        pytest.param(Selection("inv.csv"), {"originalFilename": "inv2.csv"}, False, id="another-name"),
        pytest.param(Selection("inv.csv"), {}, False, id="without-a-name"),
        pytest.param(Selection("inv*"), {"originalFilename": "inv2.csv"}, True, id="pattern"),
        pytest.param(Selection(COMPOSED), {"originalFilename": DECOMPOSED}, True, id="name-in-another-form"),
        pytest.param(Selection(location="W01"), {"locationCode": "W01"}, True, id="location"),
        pytest.param(Selection(location="W01"), {"locationCode": "W02"}, False, id="another-location"),
        pytest.param(Selection(location="W01"), {}, False, id="without-a-location"),
        pytest.param(Selection(since=at(60)), {"added": at(60).isoformat()}, True, id="added-then"),
        pytest.param(Selection(since=at(60)), {"added": at(59.999).isoformat()}, False, id="added-just-before"),
        pytest.param(Selection(since=at(60)), {"added": at(61).isoformat()}, True, id="added-later"),
        pytest.param(Selection(since=at(60)), {"added": "soon"}, True, id="without-a-readable-time"),
        pytest.param(
            Selection("inv.csv", "W01", at(60)),
            {"originalFilename": "inv.csv", "locationCode": "W01", "added": at(60).isoformat()},
            True,
            id="all-criteria",
        ),
    ],
)
def test_a_job_is_accepted_if_it_meets_every_criterion(selection, fields, expected):
    assert selection.accepts(job(1, **fields)) is expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("inv.csv", ("inv.csv",)),
        (COMPOSED, (COMPOSED, DECOMPOSED)),
        (DECOMPOSED, (DECOMPOSED, COMPOSED)),
        ("\u6771\u4eac.csv", ("\u6771\u4eac.csv",)),
        ("L\u00e4*", ("L\u00e4*",)),
    ],
)
def test_an_exact_name_has_its_unicode_forms_the_given_one_first(file, expected):
    assert forms(file) == expected


@pytest.mark.parametrize(
    ("pattern", "file", "expected"),
    [
        ("inv?.csv", "inv1.csv", True),
        ("inv?.csv", "inv.csv", False),
        ("INV*", "inv.csv", False),
        ("*" + COMPOSED, DECOMPOSED, True),
        ("inv.csv", "inv.csv", True),
        ("inv.csv", "inv_csv", False),
    ],
)
def test_a_pattern_or_a_name_matches_a_file(pattern, file, expected):
    assert names(pattern, file) is expected
