"""A digit is a key of its own until another one follows: then both begin an id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.digit_run import WITHIN_S, DigitRun


def input_after(keys, pause_s=0.1):
    """Return what stands in the input and which parts were jumped to, for keys that are pressed in a list."""
    run, text, jumps = DigitRun(), "", []
    for place, key in enumerate(keys):
        is_text = text != "" or jumps[-1:] == ["1"]
        digits = run.press(key, place * pause_s, is_text=is_text)
        if digits:
            text += digits
        elif is_text:
            text += key
        else:
            jumps.append(key)
    return text, jumps


@given(st.from_regex("[1-9][0-9]+", fullmatch=True), st.floats(0, WITHIN_S - 0.01))
def test_id_comes_whole(job_id, pause_s):
    assert input_after(job_id, pause_s)[0] == job_id


@pytest.mark.parametrize(
    ("keys", "pause_s", "text", "jumps"),
    [
        ("3", 0.1, "", ["3"]),
        ("8", 0.1, "8", []),
        ("0", 0.1, "0", []),
        ("3j", 0.1, "", ["3", "j"]),
        ("3j4", 0.1, "", ["3", "j", "4"]),
        ("34", 1.1, "", ["3", "4"]),
        ("38", 1.1, "8", ["3"]),
        ("18", 1.1, "8", ["1"]),
        ("18", 0.1, "18", ["1"]),
        ("2j884213", 0.1, "884213", ["2", "j"]),
    ],
)
def test_digit_keeps_its_own_meaning_without_another_one(keys, pause_s, text, jumps):
    assert input_after(keys, pause_s) == (text, jumps)
