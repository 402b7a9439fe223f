"""The themes: the terminal's own palette, and three that paint their own ground."""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme

TERMINAL_COLOURS = {
    "status-pending": "ansi_default",
    "status-working": "ansi_bright_blue",
    "status-success": "ansi_green",
    "status-failed": "ansi_red",
    "status-unknown": "ansi_default",
    "status-muted": "ansi_default",
    "status-warning": "ansi_yellow",
    "status-production": "ansi_red",
    "muted-style": "dim",
    "bar": "ansi_default",
    "row": "ansi_default",
    "row-style": "reverse",
    "row-blurred-style": "underline",
    "rule": "ansi_default",
    "rule-current": "ansi_bright_blue",
}
"""Colours of the terminal's palette and how emphasis looks there; the default of every theme.

`bar` is the ground of the top line and the key line, `row` that of the cursor's row, `rule` the line above a pane.
"""

_TERMINAL_VARIABLES = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "block-cursor-foreground": "ansi_black",
    "block-cursor-background": "ansi_bright_blue",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-selection-background": "ansi_bright_blue",
    "input-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_bright_blue",
    "screen-selection-foreground": "ansi_black",
    "border": "ansi_bright_blue",
    "border-blurred": "ansi_default",
    "scrollbar": "ansi_bright_black",
    "scrollbar-hover": "ansi_bright_blue",
    "scrollbar-active": "ansi_bright_blue",
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
    "scrollbar-corner-color": "ansi_default",
}

TERMINAL = Theme(
    name="terminal",
    primary="ansi_bright_blue",
    secondary="ansi_bright_blue",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_bright_blue",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    ansi=True,
    variables=_TERMINAL_VARIABLES,
)
"""Follows the user's own colours and needs few bytes."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme that paints its own ground."""

    ground: str
    surface: str
    """The ground of the top line and the key line."""
    row: str
    """The ground of the cursor's row."""
    text: str
    muted: str
    accent: str
    """The focused rule, keys, and working jobs."""
    success: str
    failed: str
    warning: str
    """Late jobs, and what the user should look at."""
    production: str
    is_dark: bool = True

    def theme(self, name: str) -> Theme:
        """Return the theme of these colours."""
        return Theme(
            name=name,
            primary=self.accent,
            secondary=self.accent,
            warning=self.warning,
            error=self.failed,
            success=self.success,
            accent=self.accent,
            foreground=self.text,
            background=self.ground,
            surface=self.surface,
            panel=self.surface,
            boost=self.surface,
            dark=self.is_dark,
            variables={
                "status-pending": self.muted,
                "status-working": self.accent,
                "status-success": self.success,
                "status-failed": self.failed,
                "status-unknown": self.text,
                "status-muted": self.muted,
                "status-warning": self.warning,
                "status-production": self.production,
                "muted-style": "none",
                "bar": self.surface,
                "row": self.row,
                "row-style": "none",
                "row-blurred-style": "none",
                "rule": self.muted,
                "rule-current": self.accent,
                "block-cursor-foreground": self.ground,
                "block-cursor-background": self.accent,
                "input-cursor-background": self.text,
                "input-cursor-foreground": self.ground,
                "input-selection-background": self.row,
                "border": self.accent,
                "border-blurred": self.muted,
                "scrollbar": self.muted,
                "scrollbar-hover": self.accent,
                "scrollbar-active": self.accent,
                "scrollbar-background": self.ground,
                "scrollbar-background-hover": self.ground,
                "scrollbar-background-active": self.ground,
                "scrollbar-corner-color": self.ground,
            },
        )


DARK = Palette(
    ground="#10151c",
    surface="#18202b",
    row="#1f2f45",
    text="#d3dbe6",
    muted="#8b97a8",
    accent="#56b6f7",
    success="#79c98b",
    failed="#ff7b7b",
    warning="#ffb454",
    production="#ff7b7b",
)

LIGHT = Palette(
    ground="#ffffff",
    surface="#eef2f6",
    row="#d6e6f7",
    text="#1c2733",
    muted="#525f6e",
    accent="#0b5cad",
    success="#1b6e34",
    failed="#b3261e",
    warning="#8a5200",
    production="#b3261e",
    is_dark=False,
)

COLOUR_BLIND = Palette(
    ground="#10151c",
    surface="#18202b",
    row="#1f2f45",
    text="#d3dbe6",
    muted="#8b96a5",
    accent="#56b4e9",
    success="#7fa8ff",
    failed="#e69f00",
    warning="#f0e442",
    production="#ff9a4d",
)
"""After the palette of Okabe and Ito: success is blue, failed orange, late yellow."""

PALETTES = {"dark": DARK, "light": LIGHT, "colour-blind": COLOUR_BLIND}

THEMES = (TERMINAL, *(palette.theme(name) for name, palette in PALETTES.items()))


def default_theme(colour_system: str | None) -> str:
    """Return the name of the theme for a terminal with this colour system of Rich, such as `truecolor`."""
    return "dark" if colour_system == "truecolor" else TERMINAL.name
