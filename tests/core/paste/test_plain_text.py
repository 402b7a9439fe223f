import pytest

from tui.core.paste.plain_text import undecorated, with_named_ids, without_tags


@pytest.mark.parametrize(("length", "kept"), [(200_000, True), (200_001, False)])
def test_a_long_text_is_no_decorated_list(length, kept):
    assert bool(undecorated("5" * length)) is kept


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("- 5\n* 6", ["5", "6"]),
        ("1. 5\n2) 6", ["5", "6"]),
        ("- [x] 5", ["5"]),
        ("Jobs that failed:\n5", ["5"]),
        ("5 and 6 & 7", ["5", "6", "7"]),
        ("'5', \"6\", `7`.", ["5,", "6,", "7"]),
    ],
)
def test_what_surrounds_the_items_of_a_list_is_dropped(text, ids):
    assert undecorated(text).replace(" ,", ",").split() == ids


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("5 < 6", "5 < 6"),
        ("<jobID>5</jobID>", " jobID: 5; "),
        ("<a:jobID>5</a:jobID>", " jobID: 5; "),
        ("<b>5</b>", " 5 "),
        ("<long>5</long>", " 5; "),
        ("<tr>\n<td>5</td>\n<td>6</td>\n</tr>", "\n5\t6\t"),
        ("<li>5</li>", "\n5"),
        ("<p>5</p>", "\n5\n"),
        ('<job id="5" />', '  job  id="5" / '),
        ('<a href="/queue/5">x</a>', '  a  href="/queue/5" x '),
        ('<a href="/other/5">x</a>', " x "),
        ("<?xml?><x>5</x>", "  x: 5; "),
    ],
)
def test_tags_become_names_and_values(text, written):
    assert without_tags(text).split() == written.split()
    assert without_tags(text).count("\n") == written.count("\n")
    assert without_tags(text).count("\t") == written.count("\t")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Job{id=5", "Job{jobID=5"),
        ("KiboJob['id': 5", "KiboJob['jobID': 5"),
        ("XJob{id=5", "XJob{id=5"),
        ("Job{ids=5", "Job{ids=5"),
    ],
)
def test_the_id_of_an_object_that_is_a_job_is_named(text, written):
    assert with_named_ids(text) == written
