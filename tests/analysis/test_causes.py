import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.analysis.causes import HEAD_CHARS, MAX_CAUSES, MAX_SHAPES, CauseFinder, causes

DATA = Path(__file__).parents[1] / "data"


def corpus(name="inventory_messages.tsv"):
    """The labelled inventory messages: their kinds, and the messages."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple(zip(*(line.split("\t", 1) for line in lines), strict=True))


def only(messages):
    (cause,) = causes(messages)
    return cause


def has_pieces_in_order(message, pieces):
    text = " ".join(message.replace("\0", " ").split())
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return text.startswith(pieces[0]) and text.endswith(pieces[-1])


def test_a_cause_has_template_count_places_and_values():
    first, second = causes(
        [
            "UPC 0050651 not found at location 1707",
            "Unexpected end of file",
            "UPC 0022945 not found at location 1707",
        ]
    )

    assert (first.template, first.count, first.indexes) == ("UPC ‹…› not found at location ‹…›", 2, (0, 2))
    assert first.values == (("0050651", "0022945"), ("1707",))
    assert first.text() == "UPC ‹…› not found at location 1707"
    assert (second.template, second.count, second.indexes, second.values) == ("Unexpected end of file", 1, (1,), ())


def test_no_message_has_no_cause():
    assert causes([]) == ()


def test_every_kind_of_the_labelled_corpus_is_one_cause():
    kinds, messages = corpus()

    kinds_of_causes = sorted(sorted({kinds[place] for place in cause.indexes}) for cause in causes(messages))

    assert kinds_of_causes == sorted([kind] for kind in set(kinds))


def test_kinds_of_the_corpus_that_was_written_after_the_design_are_mostly_one_cause():
    kinds, messages = corpus("inventory_messages_later.tsv")

    groups = [[kinds[place] for place in cause.indexes] for cause in causes(messages)]

    right = sum(len(group) for group in groups if len(group) == kinds.count(group[0]) == group.count(group[0]))
    assert right / len(messages) > 0.88


@pytest.mark.parametrize(
    ("messages", "template"),
    [
        (["location Berlin does not exist", "location Hamburg does not exist"], "location ‹…› does not exist"),
        (["in West is no bin", "in 7 is no bin", "in São Paulo is no bin"], "in ‹…› is no bin"),
        (
            ['Row 1: quantity "abc" is no number', 'Row 2: quantity "" is no number'],
            'Row ‹…›: quantity "‹…›" is no number',
        ),
        (["column 'upc' is missing", "column 'price' is missing"], "column '‹…›' is missing"),
        (["code SHIRT-RED is unknown", "code MUG_WHITE is unknown", "code 12 is unknown"], "code ‹…› is unknown"),
        (["tag COLOR=red is not allowed", "tag COLOR=4 is not allowed"], "tag COLOR=‹…› is not allowed"),
        (["tag COLOR=ruby.x is not free", "tag COLOR=rose.x is not free"], "tag COLOR=‹…› is not free"),
        (["unit Box is not known", "unit Can is not known", "unit bag is not known"], "unit ‹…› is not known"),
        (["the bin of 7 is full", "the bin of Old East Harbour Gate is full"], "the bin of ‹…› is full"),
        (["skipped: 1, 2, 3", "skipped: 4"], "skipped: ‹…›"),
        (["gave up after 30 s", "gave up after 1500 ms"], "gave up after ‹…›"),
        (["file /tmp/a.csv is empty", "file inv.csv is empty", "file C:\\in\\b.csv is empty"], "file ‹…› is empty"),
        (
            [
                "no access for the user anna",
                "no access for the user kim",
                "no access for the user system",
                "no access for the user news",
            ],
            "no access for the user ‹…›",
        ),
        (["at Berlin gave up after 30 s (1 h)", "at Oslo gave up after 2 hours"], "at ‹…› gave up after ‹…›"),
        (["of anna@example.com:", "of 12:"], "of ‹…›:"),
    ],
)
def test_variable_parts_are_names_codes_quoted_text_paths_and_quantities(messages, template):
    assert only(messages).template == template


@pytest.mark.parametrize(
    "messages",
    [
        ["product is not active", "product is not known"],
        ["safety stock must not be negative", "floor quantity must not be negative"],
        ['call failed: "Object not set to a value"', 'call failed: "Index out of the range"'],
        ["Stock limit of the site is reached", "Order limit of the site is reached"],
        ['late response to "GET the list of items"', 'late response to "POST the list of items"'],
        ["Row 1: upc is missing", "Row 2: quantity is missing"],
        ["unit Box is not known", "unit bag is not known"],
        ["the very big bin of 7 is full", "the very big bin of The Old East Harbour Gate is full"],
        ["Import Started by user", "Import Stopped by user"],
    ],
)
def test_words_of_the_language_make_different_causes(messages):
    assert [cause.text() for cause in causes(messages)] == messages


def test_values_stand_by_part_each_once_in_the_order_of_the_messages():
    cause = only(["row 9 of b", "row 3 of b", "row 9 of b", "row 1 of b"])

    assert cause.values == (("9", "3", "1"),)


def test_most_frequent_cause_comes_first_and_of_equals_the_earlier_one():
    assert [cause.template for cause in causes(["late", "early bird", "twice", "twice"])] == [
        "twice",
        "late",
        "early bird",
    ]


def test_order_of_the_messages_changes_no_cause():
    _, messages = corpus()
    shuffled = random.Random(4711).sample(messages, len(messages))

    assert {(cause.template, cause.count) for cause in causes(shuffled)} == {
        (cause.template, cause.count) for cause in causes(messages)
    }


def test_a_list_that_grows_has_the_causes_of_the_whole_list():
    _, messages = corpus()
    finder = CauseFinder()

    for at in range(0, len(messages), 7):
        for _ in finder.add(messages[at : at + 7]):
            pass

    assert finder.causes == causes(messages)


def test_first_causes_are_known_long_before_the_last_message_is_read():
    finder = CauseFinder()
    numbers = iter(range(100_000))

    for _ in finder.add(f"row {number} is odd" for number in numbers):
        if finder.causes:
            break

    assert finder.causes[0].template == "row ‹…› is odd"
    assert next(numbers) < 5_000


@given(
    st.lists(
        st.lists(
            st.sampled_from(["a", "B", "x=1", '"q', '"', "12", "(3", "s)", "/p/q", "\0", "ü,", "<1", "kB"]), max_size=9
        ).map(" ".join)
    )
)
def test_each_message_has_one_cause_and_the_constant_parts_of_it(messages):
    found = causes(messages)

    assert sorted(place for cause in found for place in cause.indexes) == list(range(len(messages)))
    for cause in found:
        assert list(cause.indexes) == sorted(cause.indexes)
        assert len(cause.values) == len(cause.pieces) - 1
        assert all(has_pieces_in_order(messages[place], cause.pieces) for place in cause.indexes)


@given(st.lists(st.text()))
def test_any_text_has_causes(messages):
    assert sum(cause.count for cause in causes(messages)) == len(messages)


@pytest.mark.parametrize("part", ["1", "a", "'", "'a", " ", '"', "a1=", "(", "\\", "/", "1.", "a-", "\0", "9 s "])
def test_a_message_of_400_kb_is_one_cause_by_its_head(part):
    message = part * (400_000 // len(part))

    cause = only([message, message + "x"])

    assert cause.count == 2
    assert len(cause.template) <= 3 * HEAD_CHARS


def test_causes_of_messages_that_have_nothing_in_common_are_limited():
    words = [
        bytes([97 + number // 676 % 26, 97 + number // 26 % 26, 97 + number % 26]).decode() for number in range(17_000)
    ]
    messages = [
        " ".join((word, word[::-1], *words[number % 500 : number % 500 + 2])) for number, word in enumerate(words)
    ]

    found = causes(messages)

    assert len(messages) > MAX_SHAPES
    assert len(found) <= MAX_CAUSES + 1
    assert sum(cause.count for cause in found) == len(messages)


def test_names_beyond_the_limit_of_shapes_are_one_cause():
    names = [
        f"{'ABCDEFGHIJ'[number // 1000]}{'aeiouvwxyz'[number // 100 % 10]}{'kl' * (number // 10 % 10)}{'abcdefghij'[number % 10]}"
        for number in range(10_000)
    ]
    assert len(set(names)) > MAX_SHAPES

    assert (
        only([f"product {name} conflicts with another one" for name in names]).template
        == "product ‹…› conflicts with another one"
    )
