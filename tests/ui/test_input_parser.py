"""Keys and pastes come out whole and in order, whatever else the terminal sends between them."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser

from tui.ui.terminal.input_parser import (
    BULK,
    ESCAPE_S,
    PASTE_LIMIT,
    STRING_S,
    TAIL_S,
    InputParser,
    Keys,
    Pasted,
    understood,
)


class Line:
    """A terminal's line, by a clock that stands still unless told."""

    def __init__(self):
        self.input, self.now_s = InputParser(), 100.0

    def feed(self, *chunks):
        """Return what chunks mean that come one right after the other."""
        return [piece for chunk in chunks for piece in self.input.feed(chunk, self.now_s)]

    def rest(self, pause_s=None):
        """Return what comes of a pause; None for one that is long enough."""
        self.now_s += 1000.0 if pause_s is None else pause_s
        return self.input.tick(self.now_s)


def typed(pieces):
    """Return the text of the keys, pastes in brackets."""
    return "".join(piece.text if isinstance(piece, Keys) else f"<{piece.text}>" for piece in pieces)


def everything(*chunks):
    line = Line()
    return typed([*line.feed(*chunks), *line.rest()])


def bytewise(data):
    return [data[place : place + 1] for place in range(len(data))]


ANSWERS = {
    "device attributes": b"\x1b[?62;1;2;4c",
    "secondary attributes": b"\x1b[>0;276;0c",
    "tertiary attributes": b"\x1bP!|00000000\x1b\\",
    "background": b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    "background, BEL": b"\x1b]11;rgb:ffff/ffff/ffff\x07",
    "palette": b"\x1b]4;1;rgb:cccc/0000/0000\x07",
    "clipboard": b"\x1b]52;c;ODg0MjEz\x07",
    "title": b"\x1b]lsome title\x1b\\",
    "version": b"\x1bP>|XTerm(370)\x1b\\",
    "setting": b"\x1bP1$r0m\x1b\\",
    "termcap": b"\x1bP1+r544e=787465726d\x1b\\",
    "kitty graphics": b"\x1b_Gi=31;OK\x1b\\",
    "privacy message": b"\x1b^jobs q x\x1b\\",
    "start of string": b"\x1bXjobs q x\x1b\\",
    "cursor": b"\x1b[12;40R",
    "cursor, like F3": b"\x1b[1;5R",
    "status": b"\x1b[0n",
    "window": b"\x1b[8;24;80t",
    "pixels": b"\x1b[4;600;800t",
    "kitty flags": b"\x1b[?25u",
    "modify keys": b"\x1b[>4;2m",
    "unknown mode": b"\x1b[?1016;2$y",
    "checksum": b"\x1bP1!~ABCD\x1b\\",
    "8-bit attributes": b"\x9b?62;1c",
    "8-bit background": b"\x9d11;rgb:ffff/ffff/ffff\x9c",
    "8-bit setting": b"\x901$r0m\x9c",
    "8-bit attributes in UTF-8": "\x9b?62;1c".encode(),
    "8-bit background in UTF-8": "\x9d11;rgb:ff/ff/ff\x9c".encode(),
    "Latin-1": b"\xfc",
    "cut character": b"\xe4\xb8",
    "8-bit meta": b"\xea",
    "old mouse": b"\x1b[M !!",
    "urxvt mouse": b"\x1b[32;10;20M",
    "code point out of range": b"\x1b[99999999u",
    "surrogate": b"\x1b[55296u",
    "control as text": b"\x1b[97;;3u",
    "a letter as a function key": b"\x1b[113~",
    "release": b"\x1b[97;1:3u",
    "alternate": b"\x1b[97:65;2u",
    "window of nothing": b"\x1b[48;0;0;0;0t",
    "window of the world": b"\x1b[48;9999;9999;1;1t",
    "end of a paste": b"\x1b[201~",
    "end of a string": b"\x1b\\",
}

KEYS = {
    "letter": b"j",
    "digits": b"884213",
    "enter": b"\r",
    "ctrl-c": b"\x03",
    "backspace": b"\x7f",
    "accent": "é".encode(),
    "wide": "倉".encode(),
    "emoji": "📦".encode(),
    "up": b"\x1b[A",
    "up, application": b"\x1bOA",
    "F1": b"\x1bOP",
    "F1 of the Linux console": b"\x1b[[A",
    "F5": b"\x1b[15~",
    "shift-tab": b"\x1b[Z",
    "ctrl-right": b"\x1b[1;5C",
    "keypad": b"\x1bOx",
    "alt-x": b"\x1bx",
    "kitty letter": b"\x1b[97;;97u",
    "kitty esc": b"\x1b[27u",
    "kitty digit": b"\x1b[56;;56u",
    "kitty text": b"\x1b[0;;229:228u",
    "mouse": b"\x1b[<0;10;20M",
    "mouse beyond the edge": b"\x1b[<35;-1;20M",
    "focus": b"\x1b[I",
    "focus lost": b"\x1b[O",
    "synchronised updates": b"\x1b[?2026;2$y",
    "resize": b"\x1b[48;24;80;600;800t",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("cut", [lambda data: [data], bytewise], ids=["whole", "byte by byte"])
def test_answer_of_the_terminal_is_no_key(answer, cut):
    assert everything(b"j", *cut(answer), b"k") == "jk"


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("cut", [lambda data: [data], bytewise], ids=["whole", "byte by byte"])
def test_key_comes_through(key, cut):
    assert everything(*cut(key)) == key.decode()


JUNK = st.sampled_from([(answer, "") for answer in ANSWERS.values()])
REAL = st.sampled_from([(key, key.decode()) for key in KEYS.values()])
PASTES = st.text(st.sampled_from("884213 ,\n\x1b[]qx\x07\x9b~01m")).filter(
    lambda text: "\x1b[201~" not in text + "\x1b"
)
PASTED = PASTES.map(lambda text: (f"\x1b[200~{text}\x1b[201~".encode(), None))


@given(st.lists(st.one_of(JUNK, REAL, PASTED)), st.randoms(use_true_random=False))
def test_any_mixture_cut_anywhere_gives_exactly_the_keys(parts, random):
    data = b"".join(part for part, _ in parts)
    assume(not re.search(rb"[\xea\xb8][\x80-\xbf]", data))  # two pieces of junk may make one character
    cuts = sorted(random.randrange(len(data) + 1) for _ in range(random.randrange(10)))
    line = Line()

    pieces = line.feed(*(data[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(data)], strict=True)))

    assert line.rest() == []
    expected = "".join("<>" if text is None else text for _, text in parts)
    assert "".join("<>" if isinstance(piece, Pasted) else piece.text for piece in pieces) == expected


@given(st.lists(st.binary(max_size=40)))
def test_no_bytes_do_harm(chunks):
    line = Line()
    parser = XTermParser()

    for chunk in chunks:
        for piece in [*line.feed(chunk), *line.rest(0.2)]:
            assert not re.search("[\x80-\x9f\ud800-\udfff]", piece.text)
            if isinstance(piece, Keys) and not piece.text.startswith("\x1b"):
                list(parser.feed(piece.text))
    assert len(line.input._pending) < 2000


@pytest.mark.parametrize("sequence", [key for key in ANSI_SEQUENCES_KEYS if key[0] == "\x1b" and len(key) > 2])
def test_every_sequence_that_textual_has_a_name_for_is_a_key(sequence):
    if re.fullmatch(r"\x1b\[1;\dR", sequence):
        pytest.skip("Textual itself reads it as the place of the cursor")

    assert everything(sequence.encode()) == sequence


@given(
    st.from_regex(r"\x1b(?:\[[0-?]{0,12}[ -/]?[@-~]|O[@-~])", fullmatch=True, alphabet=st.characters(max_codepoint=127))
)
def test_what_is_understood_is_complete_for_textual_too(sequence):
    taken = understood(sequence)
    parser = XTermParser()

    if taken:
        list(parser.feed(taken))

    assert parser._awaiting.timeout is None


@pytest.mark.parametrize("answer", [answer for name, answer in ANSWERS.items() if name != "old mouse"])
def test_rest_of_an_answer_is_dropped_after_any_pause(answer):
    keys = set()
    for cut in range(1, len(answer)):
        line = Line()
        pieces = [*line.feed(answer[:cut]), *line.rest(1.0), *line.feed(answer[cut:]), *line.rest(1.0)]
        keys.add(typed(pieces))

    # Nobody can know of a lone ESC, of ESC [ or of ESC O that more is still to come.
    assert keys <= {"", "\x1b", "\x1b["}


def test_lone_escape_is_a_key_after_a_moment():
    line = Line()

    assert line.feed(b"\x1b") == []
    assert line.input.deadline_s == line.now_s + ESCAPE_S
    assert line.rest(ESCAPE_S) == [Keys("\x1b")]
    assert line.input.deadline_s is None


def test_escape_before_another_sequence_is_a_key():
    assert everything(b"\x1b\x1b[B") == "\x1b\x1b[B"


@pytest.mark.parametrize("behind", ["884213\r", "\r", "\x03"])
def test_escape_right_before_a_digit_or_a_control_is_a_key(behind):
    line = Line()

    pieces = line.feed(b"\x1b" + behind.encode())

    assert pieces == [Keys("\x1b"), Keys(behind)]


@pytest.mark.parametrize(
    "begun", [b"\x1b[1;", b"\x1b]11;rgb", b"\x1bP1$r", b"\x1b_G", b"\x1b[?62", b"\xe4\xb8", b"\x9b1", b"\x1b[48;24"]
)
def test_keys_work_again_after_a_sequence_without_an_end(begun):
    line = Line()

    assert line.feed(begun) + line.rest(1.0) == []
    assert typed(line.feed(b"j", b"884213", b"\r", b"\x1b[B")) == "j884213\r\x1b[B"


def test_keys_work_again_while_somebody_types_into_a_string_without_an_end():
    line = Line()
    pieces = line.feed(b"\x1b]11;")

    for _ in range(50):
        pieces += [*line.rest(0.1), *line.feed(b"j")]

    assert set(typed(pieces)) == {"j"}
    assert len(typed(pieces)) >= 50 - STRING_S / 0.1 - 1


@pytest.mark.parametrize("key", [b"\r", b"\x03", b"\x1b[A", b"\x1bOP"])
def test_key_that_no_string_may_hold_ends_it(key):
    assert everything(b"\x1b]11;rgb", key) == key.decode()


def test_tail_is_no_longer_expected_after_a_while():
    line = Line()
    line.feed(b"\x1b[?62")
    line.rest(1.0)
    line.rest(TAIL_S + 1)

    assert typed(line.feed(b"1c")) == "1c"


PASTED_TEXTS = {
    "884213": "884213",
    "a\r\nb\tc": "a\r\nb\tc",
    "\x1b[31m884213\x1b[0m": "884213",
    "\x1b]8;;https://x.example\x07884213\x1b]8;;\x1b\\": "884213",
    "q\x1bx": "q x",
    "\x03\x04\x00": "   ",
    "\x1b[200~884213": "884213",
    "倉庫 é": "倉庫 é",
}


@pytest.mark.parametrize("text", PASTED_TEXTS)
@pytest.mark.parametrize("cut", [lambda data: [data], bytewise], ids=["whole", "byte by byte"])
def test_paste_is_text_up_to_its_end_whatever_it_holds(text, cut):
    line = Line()

    pieces = line.feed(*cut(f"\x1b[200~{text}\x1b[201~j".encode()))

    assert pieces == [Pasted(PASTED_TEXTS[text]), Keys("j")]


def test_long_paste_is_cut_between_two_words_and_says_so():
    line = Line()
    ids = b" ".join(b"884%05d" % number for number in range(120_000))

    pieces = line.feed(b"\x1b[200~", *(ids[place : place + 4096] for place in range(0, len(ids), 4096)), b"\x1b[201~")

    assert len(pieces) == 1
    assert PASTE_LIMIT - 10 < len(pieces[0].text) <= PASTE_LIMIT
    assert re.fullmatch(r"884\d{5}", pieces[0].text.rpartition(" ")[2])
    assert pieces[0].note == f"the paste was cut: {len(pieces[0].text):,} of 1,099,999 characters are used"


def test_paste_without_an_end_is_taken_in_after_a_silence():
    line = Line()
    pieces = [*line.feed(b"\x1b[200~884213 88"), *line.rest(1.0), *line.feed(b"4214"), *line.rest(1.9)]
    assert pieces == []

    pieces = line.rest(0.1)

    assert pieces == [Pasted("884213 884214", "the paste had no end: check what arrived")]
    assert line.feed(b"j") == [Keys("j")]


def test_rest_of_a_paste_that_was_given_up_is_still_no_key():
    line = Line()
    line.feed(b"\x1b[200~884213")
    line.rest()

    assert line.feed(b" qx 884214\x1b[201~j") == [Pasted(" qx 884214"), Keys("j")]
    assert line.feed(b"\x1b[201~k") == [Keys("k")]


def test_keys_work_again_while_somebody_types_into_a_paste_without_an_end():
    line = Line()
    pieces = line.feed(b"\x1b[200~" + b"884213 " * BULK)

    for _ in range(100):
        pieces += [*line.rest(0.5), *line.feed(b"j")]

    assert isinstance(pieces[0], Pasted)
    assert pieces[1:] == [Keys("j")] * len(pieces[1:])
    assert len(pieces) > 30


@pytest.mark.parametrize("data", [b"\x1bq", b"\x1b?", b"\x1bf", b"\x1b\r", b"\x1b\x1b"])
def test_escape_and_the_key_after_it_are_two_where_a_lone_escape_is_held_back(data):
    pieces = InputParser(has_alt=False).feed(data + b"j", 100.0)

    assert [piece.text for piece in pieces if piece.text == "\x1b"] == ["\x1b"] * data.count(b"\x1b")
    assert "".join(piece.text for piece in pieces).endswith(data[-1:].decode() + "j")


def test_sequences_are_whole_where_a_lone_escape_is_held_back():
    assert InputParser(has_alt=False).feed(b"\x1b[A\x1bOB", 100.0) == [Keys("\x1b[A"), Keys("\x1bOB")]
