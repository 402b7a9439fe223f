import pytest

from tui.core.suggest import closest_match


@pytest.mark.parametrize(
    ("word", "likeness", "shown"),
    [
        pytest.param("sandbx", 0.6, "did you mean sandbox?", id="near"),
        pytest.param("mars", 0.6, "none", id="far"),
        pytest.param("tp9", 0.7, "none", id="all-alike"),
        pytest.param("", 0.6, "none", id="empty"),
    ],
)
def test_the_nearest_word_is_guessed_where_one_is_near(word, likeness, shown):
    assert closest_match(word, ("sandbox", "tp1", "stg1"), otherwise="none", likeness=likeness) == shown


def test_a_guess_is_one_safe_line():
    assert closest_match("prod\x1b", ["prod\x1b\n"], otherwise="") == r"did you mean prod\x1b ?"
