"""Docstrings, comments, messages and pages use plain technical English: no phrase of the list below."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PHRASES = (
    # phrase, what to say
    (r"somebody|nobody|whoever|anybody", "the user, a client, no client"),
    (r"anew|lest", "again; so that … not"),
    (r"in heaps|a heap of|heaps of", "bursts"),
    (r"opens? the door|open the door", "is accepted"),
    (r"farewell|manners|elders", "exit summary; optional settings; previous entries"),
    (r"cannot be had|can be had|to be had", "is not available"),
    (r"has it that|have it that", "says that"),
    (r"asks? for silence|asked for silence|silence asked", "asks to slow down; rate limited"),
    (r"for ever", "forever"),
    (r"to the server's taste", "the server rejected"),
    (r"a word of its own", "a notice"),
    (r"is spoken of|to be said of|is to be told", "is reported"),
    (r"for want of", "without"),
    (r"mends? a bug|mended", "fix"),
    (r"nobody's", "no one's"),
    (r"told (?:once|of|by hand|before)|is told|are told", "reported, configured"),
    (r"liars", "outliers"),
    (r"parted by", "separated by"),
)
FILES = (
    "README.md", "CONTRIBUTING.md", "tui/README.md", "tui/api/README.md", "tui/scripts/README.md", "tui/ui/README.md",
    "tui/cli/jobdeck.1",
)  # fmt: skip


def sources():
    """Return the paths that the check reads."""
    return [*(ROOT / "tui").rglob("*.py"), *(ROOT / "styles").iterdir(), *(ROOT / name for name in FILES)]


@pytest.mark.parametrize(("phrase", "plain"), PHRASES, ids=[phrase for phrase, _ in PHRASES])
def test_no_text_has_a_phrase_to_avoid(phrase, plain):
    pattern = re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: say: {plain}: {line.strip()[:90]}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []
