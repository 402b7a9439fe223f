"""Every page that the code and the pages cite is in the repository."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*[\w-]+\.md)\b")


def citing():
    """Return the files that may cite a page."""
    found = [
        path for folder in ("tui", "tests") for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md"}
    ]
    return [*found, *ROOT.glob("*.md"), ROOT / "pyproject.toml", *(ROOT / "styles").iterdir()]


def test_every_cited_page_exists():
    cited = {(path, page) for path in citing() for page in PAGE.findall(path.read_text(encoding="utf-8"))}

    missing = {
        f"{path.relative_to(ROOT)}: {page}"
        for path, page in cited
        if not (ROOT / page).exists() and not (path.parent / page).exists() and path != Path(__file__)
    }
    assert missing == set()
