"""The manual page: made of the help, committed for the wheel, and clean for those who render it."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

import tui
from tests.cli.test_help import PAGES
from tui.cli.main import group
from tui.cli.manpage import block, entry, literal, manual, prose
from tui.cli.options import sections
from tui.settings.schema import SETTINGS

FILE = Path(tui.__file__).with_name("cli") / "jobdeck.1"
GROFF = shutil.which("groff")
needs_groff = pytest.mark.skipif(GROFF is None, reason="groff is not installed")


def rendered(page):
    """Return the page as a reader of 78 columns sees it, without bold, in one line."""
    command = [GROFF, "-man", "-ww", "-Tutf8", "-P-c", "-P-b", "-P-u"]
    result = subprocess.run(command, input=page.encode(), capture_output=True, check=True)
    assert result.stderr == b""
    return result.stdout.decode()


@pytest.fixture(scope="module")
def page():
    return manual(group, tui.__version__)


def test_the_committed_page_is_what_the_help_says_now(page):
    assert FILE.read_text(encoding="ascii") == page, f"write it anew: python -m tui --man > {FILE}"


def test_the_command_writes_the_page(jobdeck, bare, page):
    result = jobdeck("--man", env=bare)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == page


def test_the_sections_are_those_that_people_look_for(page):
    titles = re.findall(r"^\.SH (.+)$", page, re.MULTILINE)

    assert titles == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "JOB", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES",
    ]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_option_of_every_command_is_told(page, path):
    for _, rows in sections(PAGES[path]):
        for spelled, told in rows:
            assert spelled == "-h, --help" or f".TP\n{entry(spelled, told).split(chr(10))[1]}\n{prose(told)}\n" in page


def test_every_variable_is_told(page):
    variables = [setting.variable for setting in SETTINGS if setting.variable]

    assert all(
        f"\n\\fB{variable}\\fR\n" in page for variable in (*variables, "KIBO_ACCESS_TOKEN", "KIBO_SHARED_SECRET")
    )


def test_every_example_is_there(page):
    lines = re.findall(
        r"^\s+(jobdeck .*)$", "\n".join(context.command.help for context in PAGES.values()), re.MULTILINE
    )

    assert len(lines) > 10
    assert all(f"\n{literal(line)}\n" in page for line in lines)


@needs_groff
def test_the_page_renders_without_a_warning_and_within_80_columns(page):
    shown = rendered(page)

    assert max(map(len, shown.splitlines())) <= 80
    assert "       -o, --output [table|json|jsonl|csv|markdown|text|id]\n" in shown
    assert "jobdeck get 884213-884220 -o json\n" in shown


@needs_groff
@pytest.mark.parametrize(
    "text", [".TH x", "'br", r"a\fBb\n", "--x 'y' `z` ^~", "caf\u00e9 \u2026", "\\", ".", 'say "x"']
)
def test_no_text_is_taken_for_a_request(text):
    shown = rendered(f'.TH X 1 "" "" ""\n.SH A\n{block(text)}')

    assert f"       {text}\n" in shown


def test_hidden_commands_are_not_told(page):
    command = click.Group("jobdeck", commands=[click.Command("seen"), click.Command("unseen", hidden=True)])

    told = manual(command, "1")

    assert "jobdeck seen" in told
    assert "unseen" not in told
