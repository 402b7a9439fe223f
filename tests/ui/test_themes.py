"""Contrast and completeness of the themes."""

import pytest
from textual.color import Color

from tui.ui.themes import PALETTES, TERMINAL_COLOURS, THEMES, default_theme


def luminance(colour):
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in Color.parse(colour).normalized
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("ground", ["ground", "surface", "row"])
@pytest.mark.parametrize("text", ["text", "muted", "accent", "success", "failed", "warning", "production"])
def test_words_can_be_read_on_every_ground(name, ground, text):
    palette = PALETTES[name]

    assert contrast(getattr(palette, ground), getattr(palette, text)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_each_theme_has_a_colour_for_each_name_of_the_style_sheets(theme):
    assert set(TERMINAL_COLOURS) - {"rule-style", "tab-style"} <= {*TERMINAL_COLOURS, *theme.variables}


@pytest.mark.parametrize(
    ("colour_system", "name"),
    [("truecolor", "dark"), ("256", "terminal"), ("standard", "terminal"), (None, "terminal")],
)
def test_usual_theme_follows_the_colours_of_the_terminal(colour_system, name):
    assert default_theme(colour_system) == name
