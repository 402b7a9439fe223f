"""The themes and their status colours."""

from __future__ import annotations

from textual.theme import Theme

STATUS_COLOURS = {
    "status-pending": "ansi_default",
    "status-working": "ansi_bright_blue",
    "status-success": "ansi_green",
    "status-failed": "ansi_red",
    "status-unknown": "ansi_default",
    "status-muted": "ansi_default",
    "status-warning": "ansi_yellow",
    "status-production": "ansi_red",
    "frame": "ansi_default",
    "frame-current": "ansi_cyan",
}
"""Colours of the terminal's palette, the default of every theme."""

_SAFE_COLOURS = {
    "status-working": "#56b4e9",
    "status-success": "#0072b2",
    "status-failed": "#e69f00",
    "status-warning": "#f0e442",
    "status-production": "#d55e00",
}
"""The palette of Okabe and Ito, distinct for the common kinds of colour blindness."""

_ANSI_VARIABLES = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "block-cursor-foreground": "ansi_black",
    "block-cursor-background": "ansi_cyan",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-selection-background": "ansi_cyan",
    "input-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_cyan",
    "screen-selection-foreground": "ansi_black",
    "border": "ansi_cyan",
    "border-blurred": "ansi_default",
    "scrollbar": "ansi_bright_black",
    "scrollbar-hover": "ansi_cyan",
    "scrollbar-active": "ansi_cyan",
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
    "scrollbar-corner-color": "ansi_default",
}

DEFAULT_THEME = "terminal"


def _on_terminal_colours(name: str, variables: dict[str, str]) -> Theme:
    """A theme in the terminal's palette: it follows the user's colours and needs few bytes."""
    plain = "ansi_default"
    return Theme(
        name=name,
        primary="ansi_cyan",
        secondary="ansi_cyan",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        accent="ansi_cyan",
        foreground=plain,
        background=plain,
        surface=plain,
        panel=plain,
        boost=plain,
        ansi=True,
        variables=_ANSI_VARIABLES | variables,
    )


THEMES = (_on_terminal_colours(DEFAULT_THEME, {}), _on_terminal_colours("colour-blind", _SAFE_COLOURS))
