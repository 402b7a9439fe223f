import pytest

from tests.support.emulator import Emulator


@pytest.fixture
def emulator():
    return Emulator(20, 4)


def lines(emulator):
    return [line for line, _ in emulator.rendered]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        pytest.param("\x1b[c", "\x1b[?62;22c", id="DA1"),
        pytest.param("\x1b[0c", "\x1b[?62;22c", id="DA1 with zero"),
        pytest.param("\x1b[\x07c", "\x1b[?62;22c", id="DA1 around BEL"),
        pytest.param("\x9bc", "\x1b[?62;22c", id="DA1 by C1"),
        pytest.param("\x1bZ", "\x1b[?62;22c", id="DECID"),
        pytest.param("\x1b[>c", "\x1b[>1;10;0c", id="DA2"),
        pytest.param("\x1b[=c", "\x1bP!|00000000\x1b\\", id="DA3"),
        pytest.param("\x1b[>q", "\x1bP>|terminal(1)\x1b\\", id="XTVERSION"),
        pytest.param("\x1b[5n", "\x1b[0n", id="status"),
        pytest.param("ab\r\nc\x1b[6n", "\x1b[2;2R", id="cursor"),
        pytest.param("\x1b[?6n", "\x1b[?1;1R", id="extended cursor"),
        pytest.param("\x1b[?2026$p", "\x1b[?2026;2$y", id="sync off"),
        pytest.param("\x1b[?2026h\x1b[?2026$p", "\x1b[?2026;1$y", id="sync on"),
        pytest.param("\x1b[?2048$p", "\x1b[?2048;0$y", id="in-band resize unknown"),
        pytest.param("\x1b[>25u\x1b[?u", "\x1b[?25u", id="kitty"),
        pytest.param("\x1b[18t", "\x1b[8;4;20t", id="size"),
        pytest.param("\x1b]0;evil\x07\x1b[21t", "\x1b]levil\x1b\\", id="title"),
        pytest.param("\x1b]11;?\x1b\\", "\x1b]11;rgb:8080/8080/8080\x1b\\", id="colour"),
        pytest.param("\x1bP$qm\x1b\\", "\x1bP0$r\x1b\\", id="DECRQSS"),
        pytest.param("\x05", "answerback", id="ENQ"),
    ],
)
def test_query_is_answered_and_recorded(emulator, query, answer):
    assert emulator.feed(query.encode()) == answer.encode()
    assert len(emulator.queries) == 1


@pytest.mark.parametrize("text", ["\x1b[1c", "\x1b[?62;22c", "\x1b[0n", "\x1b[22;0t", "\x1b[2026h", "\x1b]0;c\x07"])
def test_other_sequences_get_no_answer(emulator, text):
    assert emulator.feed(text.encode()) == b""
    assert emulator.queries == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x1b[>25u", id="kitty push"),
        pytest.param("\x1b[<u", id="kitty pop"),
        pytest.param("\x1b[?2026$p", id="mode query"),
        pytest.param("\x1b[>4;2m", id="modifyOtherKeys"),
        pytest.param("\x1b[4:3m", id="curly underline"),
        pytest.param("\x1b[2 q", id="cursor shape"),
        pytest.param("\x1b[?3h", id="132 columns"),
        pytest.param("\x1b[9J\x1b[9K", id="unknown erasing"),
        pytest.param("\x1b[1;2;3;4A", id="too many parameters"),
        pytest.param("\x1b[38;5;300m\x1b[38m\x1b[0m", id="colour out of range"),
        pytest.param("\x1bPq#0\x1b\\", id="DCS"),
        pytest.param("\x1b_Gf=1\x1b\\", id="APC"),
        pytest.param("\x1b]8;;http://x/\x07", id="link"),
        pytest.param("\x1b(B", id="charset"),
        pytest.param("\x00\x7f\x0e\x0f\x18", id="lone controls"),
        pytest.param("\u200b\u200d\ufe0f", id="characters without width"),
    ],
)
def test_sequence_leaves_the_text_around_it_alone(emulator, text):
    emulator.feed(f"ab{text}cd".encode())

    assert lines(emulator) == ["abcd", "", "", ""]


@pytest.mark.parametrize("text", ["a\x1b[31mb\x1b[0mé\x1b]0;t\x1b\\c", "a\x1b[>25ubéc", "ab\x1bP$qm\x1b\\éc"])
def test_sequence_may_arrive_in_pieces(emulator, text):
    for byte in text.encode():
        emulator.feed(bytes([byte]))

    assert lines(emulator)[0] == "abéc"


def test_unterminated_string_swallows_what_follows(emulator):
    emulator.feed(b"ab\x1b]0;evil cd")

    assert lines(emulator)[0] == "ab"
    assert emulator.leftovers() == ("output ends inside a sequence",)


def test_main_screen_returns_after_the_alternate_one(emulator):
    emulator.feed(b"shell\x1b[?1049h\x1b[Hprogram")
    inside = lines(emulator)[0]
    emulator.feed(b"\x1b[?1049l$")

    assert inside == "program"
    assert lines(emulator)[0] == "shell$"


@pytest.mark.parametrize("text", ["\x1b[?1049h", "\x1b[?1049hx\x1b[?1049l", "日本\x1b[1;2Hx", "日\r\u0301"])
@pytest.mark.parametrize("size", [(1, 1), (0, 0), (300, 2), (3, 50)])
def test_any_size_is_survived(emulator, text, size):
    emulator.feed(f"0123456789 0123456789 0123456789 {text}".encode())
    emulator.resize(*size)
    emulator.feed(b"\x1b[99;99Hend\r\nx")

    assert len(lines(emulator)) == max(1, size[1])


def test_wide_characters_take_two_cells(emulator):
    emulator.feed("日本x".encode())

    assert emulator.rendered[0] == ("日本x", (0, 2, 4))


def test_half_of_a_wide_character_becomes_a_blank(emulator):
    emulator.feed("日本\x1b[1Gx".encode())

    assert emulator.rendered[0] == ("x 本", (0, 1, 2))


@pytest.mark.parametrize(
    ("text", "leftovers"),
    [
        pytest.param("\x1b[?1049h\x1b[?25l\x1b[>1u\x1b[?1049l\x1b[?25h", ("kitty keyboard not popped",), id="kitty"),
        pytest.param("\x1b[?1049h\x1b[>1u\x1b[<u\x1b[?1049l", (), id="put back"),
        pytest.param("\x1b[?1000;1003;1006h\x1b[?1003;1006l", ("?1000h",), id="mouse"),
        pytest.param("\x1b[?25l\x1b[?7l", ("?7l", "?25l"), id="cursor and wrap"),
        pytest.param("\x1b[31mred", ("colours left on",), id="colour"),
        pytest.param("\x1b[2;3r", ("scroll margins set",), id="margins"),
        pytest.param("\x1b=", ("application keypad on",), id="keypad"),
        pytest.param("\x1b[?1003h\x1b[31m\x1b[>1u\x1bc", (), id="reset"),
    ],
)
def test_leftovers_name_what_was_not_put_back(emulator, text, leftovers):
    emulator.feed(text.encode())

    assert emulator.leftovers() == leftovers
