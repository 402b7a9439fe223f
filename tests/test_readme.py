"""What the pages say of the tests and of the program's tables is true."""

import re
from pathlib import Path

import pytest

from tests.support.readme_tables import README as PAGE
from tests.support.readme_tables import with_tables

TESTS = Path(__file__).parent
README = (TESTS / "README.md").read_text(encoding="utf-8")
CITED = sorted(set(re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", README)))


@pytest.mark.parametrize(("file", "name"), CITED, ids=lambda part: part or "file")
def test_cited_test_exists(file, name):
    text = (TESTS / file).read_text(encoding="utf-8")

    assert not name or re.search(rf"def {name}\b", text)


def test_every_row_cites_a_test():
    rows = [line for line in README.splitlines() if re.match(r"\| R?\d+ \|", line)]

    assert len(rows) > 100
    assert [row[:60] for row in rows if ".py" not in row.rpartition(" | ")[2]] == []


def test_readme_has_the_tables_of_the_program():
    text = PAGE.read_text(encoding="utf-8")

    assert text == with_tables(text), "run python -m tests.support.readme_tables"
