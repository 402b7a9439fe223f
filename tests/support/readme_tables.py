"""README's tables, made from the rows of the program; `python -m tests.support.readme_tables` rewrites them in place."""

import re
from pathlib import Path

from tui.settings.schema import OPTIONS, SECRETS
from tui.ui.commands import ACTIONS

README = Path(__file__).resolve().parents[2] / "README.md"


def table(*rows):
    """Return a Markdown table; the first row is its head."""
    head, *body = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    rule = ["---"] * len(head)
    return "".join(f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in row)}|\n" for row in (head, rule, *body))


def code(text):
    return f"`{text}`" if text else ""


def settings_table():
    rows = [
        (
            code(setting.option if setting.group else ""),
            code(setting.variable),
            code(setting.name if setting.is_kept else ""),
            setting.remark or setting.default_in_words,
        )
        for setting in OPTIONS
    ]
    secrets = [("", code(name), "", f"none; {told[0].lower()}{told[1:-1]}") for name, told in SECRETS.items()]
    return table(("option", "variable", "key of a profile", "default, and other values"), *rows, *secrets)


def keys_table():
    shown = sorted((action for action in ACTIONS if action.shown), key=lambda action: action.place in PANES)
    rows = [(code(action.shown), action.help or action.title, PANES.get(action.place, "")) for action in shown]
    return table(("key", "does", "only in"), *rows)


PANES = {"input": "the input", "jobs": "the jobs", "detail": "the detail", "deck": "the deck"}

TABLES = {"settings": settings_table, "keys": keys_table}
"""A table is between two comments with its name."""


def with_tables(text):
    """Return README's text with all tables made anew."""
    for name, made in TABLES.items():
        before, begin, _, end, after = re.split(
            rf"(<!-- {name} -->\n)(.*?)(<!-- end -->\n)", text, maxsplit=1, flags=re.DOTALL
        )
        text = before + begin + made() + end + after
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
