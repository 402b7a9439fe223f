"""Texts that would steer the terminal or Textual, in every field and every view (tests/README.md, Faults, rows 1 to 3)."""

import re
import unicodedata

import pytest

from tests.support.payloads import CONTROLS, MARKUP, PAYLOADS, assert_harmless, marker_of, tail_of
from tests.support.pty_app import (
    PATIENCE_S,
    STARTUP_QUERIES,
    answer,
    detail_lines,
    go_to,
    is_listed,
    is_on,
    row,
    row_of,
    selected,
    shows,
)

TABS = ("Why", "Messages", "Times", "Fields", "History", "Raw")
CHUNK = 5
NAMES = list(PAYLOADS)
CHUNKS = [NAMES[place : place + CHUNK] for place in range(0, len(NAMES), CHUNK)]
POINTERS = {b"\x1b]22;default", b"\x1b]22;text"}
"""The shape of the mouse pointer, which Textual sets."""


def hostile(job_id, text):
    """Return a job with `text` in each field that may hold a string."""
    return answer(
        job_id,
        text,
        locationCode=text,
        originalFilename=text,
        type=text,
        messages=[text, text],
        started=text,
        finished=text,
        itemCount=text,
        success=text,
        **{text: text, "known to nobody": {text: [text]}},
    )


def assert_untouched(terminal, texts):
    """Check that nothing of `texts` was obeyed: not by the terminal, not as markup, not as a key."""
    for text in texts:
        assert_harmless(terminal.raw, text)
    assert terminal.queries == STARTUP_QUERIES
    assert terminal.title == ""
    assert 1049 in terminal.modes
    assert set(re.findall(rb"\x1b\][^\x07\x1b]*", terminal.raw)) <= POINTERS, (
        "Textual sets the pointer, nobody else anything"
    )


@pytest.mark.parametrize("names", CHUNKS, ids=[f"{names[0]}..{names[-1]}" for names in CHUNKS])
def test_no_field_of_a_job_steers_the_terminal(jobdeck, queue, names):
    texts = {101 + place: PAYLOADS[name] for place, name in enumerate(names)}
    for job_id, text in texts.items():
        queue.put(job_id, hostile(job_id, text))

    terminal = jobdeck(
        *map(str, texts), size=(200, 40), until=lambda it: all(marker_of(text) in it.text for text in texts.values())
    )
    for job_id, text in texts.items():
        terminal.wait_for(shows(job_id), PATIENCE_S)
        terminal.wait_for(
            lambda it, text=text: sum(marker_of(text) in line for line in detail_lines(it)) >= 9, PATIENCE_S
        )
        terminal.press("m", "j")
    go_to(terminal, "deck")
    terminal.wait_for(lambda it: all(it.text.count(marker_of(text)) >= 8 for text in texts.values()), PATIENCE_S)

    assert_untouched(terminal, texts.values())


@pytest.mark.parametrize("tab", [1, 5], ids=["messages", "raw"])
def test_long_texts_are_harmless_to_their_ends(jobdeck, queue, tab):
    queue.put(
        101,
        {
            "jobID": 101,
            "status": "FAILED",
            "messages": list(PAYLOADS.values()),
            **{text: text for text in PAYLOADS.values()},
        },
    )
    terminal = jobdeck("101", size=(200, 60), until=row(101, "FAILED"))
    go_to(terminal, "detail")
    terminal.press(*["]"] * tab)
    terminal.wait_for(is_on(TABS[tab]), PATIENCE_S)
    seen = ""

    for _ in range(8):
        seen += "".join(map(str.strip, detail_lines(terminal)))
        terminal.press("space")
        terminal.wait_quiet(0.1)

    assert [text for text in PAYLOADS.values() if marker_of(text) not in seen or tail_of(text) not in seen] == []
    assert_untouched(terminal, PAYLOADS.values())


def test_no_answer_presses_a_key(jobdeck, queue):
    queries = [text for name, text in CONTROLS.items() if "query" in name or "identify" in name]
    queue.put(101, answer(101, "FAILED", messages=queries, locationCode="".join(queries)))
    queue.put(102, answer(102))
    terminal = jobdeck(
        "101,102", size=(200, 50), until=lambda it: row(101).search(it.text) and row(102).search(it.text)
    )
    terminal.press("]")
    terminal.wait_for(tail_of(queries[-1]), PATIENCE_S)

    terminal.wait_quiet(1)

    assert terminal.queries == STARTUP_QUERIES
    assert selected(terminal) == 101
    assert is_on("Messages")(terminal)


@pytest.mark.parametrize("tab", [0, 1, 5], ids=["overview", "messages", "raw"])
def test_markup_is_literal_and_inert_to_clicks(jobdeck, queue, tab):
    fields = {"messages": list(MARKUP.values()), **{f"f{place}": text for place, text in enumerate(MARKUP.values())}}
    queue.put(
        101,
        answer(
            101,
            "FAILED",
            locationCode=MARKUP["markup click quit"],
            originalFilename=MARKUP["markup click quit"],
            **fields,
        ),
    )
    terminal = jobdeck("101", size=(200, 60), until=row(101))
    terminal.press(*["]"] * tab)
    terminal.wait_for(lambda it: is_on(TABS[tab])(it) and MARKUP["markup close path"] in it.text, PATIENCE_S)

    for text in MARKUP.values():
        shown = text if tab != 5 else text.replace("\\", "\\\\").replace('"', '\\"')
        x, y = terminal.find(shown)
        for step in range(0, len(shown), 2):
            terminal.click(x + step, y)
    terminal.press("3", "]")
    terminal.wait_for(is_on(TABS[(tab + 1) % 6]), PATIENCE_S)

    assert_untouched(terminal, MARKUP.values())


def test_clicks_on_markup_in_the_list_and_the_deck_are_inert(jobdeck, queue):
    text = MARKUP["markup click quit"]
    queue.put(101, answer(101, "FAILED", locationCode=text, originalFilename=text, type=text, messages=[text]))
    terminal = jobdeck("101", size=(200, 60), until=row(101))
    terminal.press("m", "4")
    terminal.wait_for(lambda it: it.text.count(marker_of(text)) >= 5, PATIENCE_S)

    for y, line in enumerate(terminal.lines):
        for x in [x for x in range(0, len(line), 3) if marker_of(text) in line]:
            terminal.click(x, y)
    terminal.press("?")
    terminal.wait_for("in this pane", PATIENCE_S)

    assert_untouched(terminal, [text])


ODD = {
    "bidi override": "\u202eabc\u202c",
    "isolates": "\u2066abc\u2069\u200f",
    "zero width": "a\u200bb\u200db\ufeffc",
    "marks": "e" + "\u0301" * 1000 + "x",
    "cjk": "日本語倉庫東京",
    "emoji": "😀🚀🎉📦",
    "emoji joined": "👩\u200d👩\u200d👧👍🏽🇩🇪1\ufe0f\u20e3",
    "variation": "✔\ufe0f❤\ufe0f☁\ufe0e",
    "tab and lines": "a\tb\nc\r\nd\u2028e",
    "soft hyphen": "a\u00adb\u00a0c\u3000d",
    "arabic": "مرحبا بالعالم",
    "hangul": "\u1112\u1161\u11ab\u3164\u115f",
    "surrogate": "a\ud800b",
}


@pytest.mark.parametrize("size", [(80, 24), (201, 40)], ids=["80x24", "201x40"])
def test_columns_stay_aligned_behind_odd_characters(jobdeck, queue, size):
    texts = [*ODD.values(), "plain"]
    jobs = {101 + place: texts[2 * place : 2 * place + 2] for place in range(len(texts) // 2)}
    for job_id, (one, other) in jobs.items():
        fields = {"locationCode": one, "type": other, "originalFilename": one * 3, "messages": [other * 20, one * 20]}
        queue.put(job_id, answer(job_id, added=None, itemCount=777, **fields))
    terminal = jobdeck(*map(str, jobs), size=size, until=row(101))
    heading, value = ("ITEMS", "  777") if size[0] >= 150 else ("   RUN", "     -")

    for job_id in jobs:
        terminal.wait_for(lambda it, job_id=job_id: row(job_id).search(it.text) and shows(job_id)(it), PATIENCE_S)
        x, header_y = terminal.find(heading)
        y, line = row_of(terminal, job_id)
        assert "".join(terminal.cell(x + step, y).char for step in range(len(value))) == value, line
        assert header_y < y
        edge, title_y = terminal.find(f"━ {job_id} ")
        for below in range(title_y + 1, size[1] - 1):
            assert terminal.cell(edge, below).char == " ", terminal.line(below)
            assert terminal.cell(size[0] - 1, below).char in BARS, terminal.line(below)
        terminal.press("j")


BARS = " ▁▂▃▄▅▆▇█▔"
"""What a scrollbar is drawn with."""


@pytest.mark.parametrize("view", ["messages", "raw", "deck"])
def test_edges_stand_beside_odd_characters(jobdeck, queue, view):
    texts = [text * 12 for text in ODD.values()]
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id, messages=texts, locationCode=texts[job_id - 97], originalFilename=texts[3]))
    terminal = jobdeck("101,102", size=(80, 60), until=lambda it: is_listed(102)(it) and row(102).search(it.text))
    keys = {"messages": ["j", "]", "3"], "raw": ["j", "[", "3"], "deck": ["j", "m", "j", "m", "4"]}[view]
    terminal.press(*keys)
    terminal.wait_quiet(0.5)

    for _ in range(12):
        top = terminal.find("━ 101 ")[1]
        edges = {0: " ", 79: BARS, **({39: BARS, 40: " "} if view == "deck" else {})}
        assert top < 59 - 20
        assert [
            terminal.line(y)
            for y in range(top + 1, 59)
            for x, allowed in edges.items()
            if terminal.cell(x, y).char not in allowed
        ] == []
        terminal.press("ctrl+d")
        terminal.wait_quiet(0.05)


def test_a_decomposed_name_is_shown_composed(jobdeck, queue):
    queue.put(
        101,
        answer(101, "WORKING", originalFilename=unicodedata.normalize("NFD", "재고.csv"), locationCode="Zu\u0308rich"),
    )
    terminal = jobdeck("101", until=row(101, "WORKING"))

    terminal.wait_for("재고.csv", PATIENCE_S)
    terminal.wait_for("Zürich", PATIENCE_S)

    assert "\\u1" not in terminal.text
