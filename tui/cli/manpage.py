"""Generates the man page jobdeck(1) from the help texts and the settings. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

import click

from tui.cli.options import OWN, PageContext, sections
from tui.settings.schema import SECRETS, SETTINGS

_ESCAPES = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}

_QUOTED = re.compile(r"`([^`]+)`")


def literal(text: str) -> str:
    """Return `text` escaped for roff, in ASCII."""
    shown = "".join(_ESCAPES.get(each) or (each if each.isascii() else f"\\[u{ord(each):04X}]") for each in text)
    return f"\\&{shown}" if shown.startswith(".") else shown


def prose(text: str) -> str:
    """Return a sentence with words in backquotes in bold."""
    pieces = _QUOTED.split(text)
    return "".join(f"\\fB{literal(piece)}\\fR" if number % 2 else literal(piece) for number, piece in enumerate(pieces))


def heading(title: str) -> str:
    """Return the title of a section."""
    return f".SH {title.upper()}\n"


def subheading(title: str) -> str:
    """Return the title of a part of a section."""
    return f".SS {literal(title)}\n"


def paragraph(text: str) -> str:
    """Return a paragraph."""
    return f".PP\n{prose(text)}\n"


def entry(name: str, text: str) -> str:
    """Return a name, such as an option with its value, and its description."""
    return f".TP\n{spelling(name)}\n{prose(text)}\n"


def block(text: str) -> str:
    """Return preformatted lines in a code font."""
    shown = "".join(f"{literal(line)}\n" for line in textwrap.dedent(text).splitlines())
    return f".PP\n.EX\n{shown}.EE\n"


def lines(roff: Iterable[str]) -> str:
    """Return pieces of roff, one per line."""
    return ".nf\n" + "".join(f"{line}\n" for line in roff) + ".fi\n"


def spelling(text: str, *, begins_with: str = "") -> str:
    """Return a command line: fixed words in bold, placeholders in italics.

    Args:
        text: Words.
        begins_with: The fixed words, if the rest is plain; empty for an option with its value, or for a fixed text.
    """
    if begins_with:
        return f"\\fB{literal(begins_with)}\\fR{literal(text.removeprefix(begins_with))}"
    if not text.startswith("-"):
        return f"\\fB{literal(text)}\\fR"
    return " ".join(_option(word) for word in text.split(" "))


def _option(word: str) -> str:
    name = word.removesuffix(",")
    return f"\\fB{literal(name)}\\fR{word[len(name) :]}" if name.startswith("-") else f"\\fI{literal(word)}\\fR"


KEPT = "\b\n"

EXAMPLES = "\b\nExamples:\n"
"""The start of the examples in a help text."""

JOB = """\
A JOB is an id 884213; a list 884213,884214; a range 884213-884220 of at most 10,000 ids, with any dash; a URL with
/queue/884213; @PATH for a file, or - for standard input, with one or more ids per line and comments after #.

The text may also be the JSON response of a request that creates jobs, JSON lines, a table with a column jobID, a log,
or the output of jobdeck. Then jobdeck reports the ids that it found, and the ids that it skipped, on standard error. A
response with work that is already done has no job and is a success. A response without a job is an error with code 2. A
failed upload exits with code 4 if the token was rejected, else with 3.

Repeated ids count once, and their order is kept. Any other text is an error, reported with its position.
Ids range from 1 to 9223372036854775807.
"""

PRECEDENCE = """\
Options take precedence over environment variables, then profiles, then defaults. `jobdeck config show` shows the
origin of each value.

Secrets are never values of options, because the process list would show them.
"""

EXITS = (
    ("0", "Success; for wait and watch: every job is SUCCESS."),
    (
        "1",
        "At least one job is FAILED, or ended with an unknown status; for find --exit-status: a job matches.",
    ),
    ("2", "Invalid usage or configuration, or standard output cannot be written."),
    ("3", "The API cannot be reached or keeps failing, or the jobs of a file may be incomplete."),
    ("4", "Not authorised: the token or the credentials are missing or rejected."),
    ("5", "A job does not exist."),
    ("70", "A bug in jobdeck; standard error names the file with the details."),
    ("124", "--timeout has passed."),
    ("130, 143, 141", "Interrupted by Ctrl-C; ended by SIGTERM; broken pipe."),
)

EXIT_STATUS = """\
If several codes apply, the first in this order wins: 141, 130, 143, 70, 2, 4, 3, 124, 5, 1, 0. Exception: if a list may
be incomplete and a job is FAILED, the code is 1, not 3.
"""

HONOURED = (
    ("NO_COLOR", "Disables colours, even if one of the next two is set."),
    ("FORCE_COLOR, CLICOLOR_FORCE", "Enables colours in a pipe."),
    ("COLUMNS", "Width of tables and help."),
    ("HTTPS_PROXY, NO_PROXY", "Proxy for the API, and hosts to reach without it."),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "Certificate authorities to trust instead of the system's."),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME", "Base directories of the files below."),
)

FILES = (
    (
        "$XDG_CONFIG_HOME/jobdeck/config.toml",
        "Profiles; `jobdeck config init` writes one. ~/.config if the variable is not set.",
    ),
    (
        "$XDG_STATE_HOME/jobdeck/sessions.json",
        "The jobs of the last session for each API; ~/.local/state if the variable is not set.",
    ),
    (
        "$XDG_STATE_HOME/jobdeck/crash.log",
        "Details of bugs, without secrets; crash.log.1 holds older ones.",
    ),
)


def manual(command: click.Command, version: str) -> str:
    """Return the man page in roff.

    Args:
        command: The command `jobdeck`; its subcommands follow in the order of its help.
        version: The version as in `--version`.
    """
    contexts = tuple(_walked(PageContext(command, info_name="jobdeck", **command.context_settings)))
    top, below = contexts[0], contexts[1:]
    parts = [
        f'.TH JOBDECK 1 "" "jobdeck {version}" "User Commands"\n',
        heading("Name"),
        "jobdeck \\- watch Kibo inventory jobs live in the terminal, and from scripts\n",
        heading("Synopsis"),
        lines(
            _usage(context) for context in contexts if context is top or not isinstance(context.command, click.Group)
        ),
        heading("Description"),
        _paragraphs(top.command.help),
        *_section("Job", JOB),
        heading("Commands"),
        *(part for context in below for part in _command(context)),
        *_section("Options", PRECEDENCE),
        *(part for title, rows in sections(top) for part in _options(title, rows)),
        *_section("Exit status", "", EXITS),
        _paragraphs(EXIT_STATUS),
        *_section("Environment", "", _variables()),
        *_section("Files", "", FILES),
        heading("Examples"),
        *(block(example) for context in contexts for example in _blocks(context.command.help, EXAMPLES)),
    ]
    return "".join(parts)


def _walked(context: click.Context) -> Iterator[click.Context]:
    yield context
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None and not command.hidden:
                yield from _walked(PageContext(command, info_name=name, parent=context, **command.context_settings))


def _usage(context: click.Context) -> str:
    pieces = context.command.collect_usage_pieces(context)
    return spelling(" ".join((context.command_path, *pieces)), begins_with=context.command_path)


def _blocks(text: str | None, mark: str) -> Iterator[str]:
    """Yield the parts of a help text that begin with `mark`, without the mark."""
    return (part.removeprefix(mark) for part in (text or "").strip("\n").split("\n\n") if part.startswith(mark))


def _paragraphs(text: str | None) -> str:
    """Return a help text without its examples. As in click, parts that begin with a backspace keep their line breaks."""
    parts = [part for part in (text or "").strip("\n").split("\n\n") if not part.startswith(EXAMPLES)]
    return "".join(
        block(part.removeprefix(KEPT)) if part.startswith(KEPT) else paragraph(" ".join(part.split())) for part in parts
    )


def _command(context: click.Context) -> Iterator[str]:
    yield subheading(context.command_path)
    yield _paragraphs(context.command.help)
    own = dict(sections(context))[OWN]
    yield from (entry(name, text) for name, text in own if not name.endswith("--help"))


def _options(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    if title != OWN:
        yield subheading(title)
    yield from (entry(name, text) for name, text in rows)


def _section(title: str, text: str, entries: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    yield heading(title)
    yield _paragraphs(text) if text else ""
    yield from (entry(name, meaning) for name, meaning in entries)


def _variables() -> Iterator[tuple[str, str]]:
    yield from SECRETS.items()
    for setting in SETTINGS:
        if setting.variable:
            yield setting.variable, f"As {setting.option}." if setting.group else setting.help_line
        yield from (
            (alias, f"As {setting.variable}, if that variable, the option and the profile do not set it.")
            for alias in setting.aliases
        )
    yield from HONOURED
