"""Generate the man page jobdeck(1) from the help and the settings. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

import click

from tui.cli.options import OWN, PageContext, sections
from tui.settings.schema import ACCESS_TOKEN, CLIENT_SECRET, SETTINGS, SHARED_SECRET

_ESCAPES = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}

_QUOTED = re.compile(r"`([^`]+)`")


def literal(text: str) -> str:
    """Return `text` so that it is shown as it stands, in ASCII, and begins no request."""
    shown = "".join(_ESCAPES.get(each) or (each if each.isascii() else f"\\[u{ord(each):04X}]") for each in text)
    return f"\\&{shown}" if shown.startswith(".") else shown


def prose(text: str) -> str:
    """Return a sentence in which words in backquotes are bold."""
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
    """Return a name, such as an option with its value, and below it what it means."""
    return f".TP\n{spelling(name)}\n{prose(text)}\n"


def block(text: str) -> str:
    """Return lines that keep their breaks, in a type for code."""
    shown = "".join(f"{literal(line)}\n" for line in textwrap.dedent(text).splitlines())
    return f".PP\n.EX\n{shown}.EE\n"


def lines(roff: Iterable[str]) -> str:
    """Return pieces of roff, each in a line of its own."""
    return ".nf\n" + "".join(f"{line}\n" for line in roff) + ".fi\n"


def spelling(text: str, *, begins_with: str = "") -> str:
    """Return what is typed: bold what stands for itself, in italics what something else is put for.

    Args:
        text: Words.
        begins_with: What stands for itself, the rest being variable; empty for an option with its value, and for one
            fixed text.
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

"""How the examples of a help text begin."""

JOB = """\
A JOB is an id 884213; a list 884213,884214; a range 884213-884220 of at most 10,000 ids, with any dash; a URL with /queue/884213;
@PATH, a file, or - for standard input: ids, one or many a line, and comments after #. Each of them may also be the JSON answer of a call
that creates jobs, JSON lines, a table with a column jobID, a log, or what jobdeck itself prints. The ids that are found so are named on
standard error, with what was skipped. An answer that says that the work was done at once needs no job and is a success; one without a job
is an error with code 2, and the error of an upload ends with 4 if it speaks of the token, else with 3.

Ids named twice are taken once, and their order is kept. Anything else is an error that names the piece and its position.
Ids go from 1 to 9223372036854775807.
"""

PRECEDENCE = """\
An option wins over an environment variable, which wins over a profile, which wins over the default. `jobdeck config show` tells where
each value came from.

A secret is never the value of an option, where the list of processes would show it.
"""

EXITS = (
    ("0", "Done; where jobs were waited for, each is SUCCESS."),
    (
        "1",
        "At least one job is FAILED, or ended with a status that jobdeck does not know; of find --exit-status: a job was found.",
    ),
    ("2", "Wrong usage or configuration, or standard output takes nothing."),
    ("3", "The API cannot be reached, kept failing, or could not prove that all jobs of a file are known."),
    ("4", "Not authorised: no token, a bad one, or bad credentials."),
    ("5", "A job does not exist."),
    ("70", "A bug in jobdeck: one line says where its details are."),
    ("124", "The time of --timeout has passed."),
    ("130, 143, 141", "Interrupted by Ctrl-C; ended by SIGTERM; the reader of the output has gone."),
)

EXITS_TOLD = """\
Where several apply, the first in this order is given: 141, 130, 143, 70, 2, 4, 3, 124, 5, 1, 0. Jobs that may be missing are a 3 only if
nothing worse is known: with a FAILED job it is 1.
"""

SECRETS = (
    (ACCESS_TOKEN, "The access token."),
    (SHARED_SECRET, "The secret that belongs to KIBO_CLIENT_ID."),
    (CLIENT_SECRET, f"As {SHARED_SECRET}, if that is not set."),
)

UNNAMED = {
    "client_id": "Client id whose secret is in KIBO_SHARED_SECRET or the keyring.",
    "keyring": "1 has the system's keyring asked.",
}

"""What settings without an option mean."""

HONOURED = (
    ("NO_COLOR", "No colour; it wins over the next two."),
    ("FORCE_COLOR, CLICOLOR_FORCE", "Colour in a pipe too."),
    ("COLUMNS", "Width of tables and help."),
    ("HTTPS_PROXY, NO_PROXY", "The way to the API."),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "Certificate authorities to trust in place of the system's."),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME", "Where files are."),
)

FILES = (
    (
        "$XDG_CONFIG_HOME/jobdeck/config.toml",
        "Profiles; `jobdeck config init` writes one. ~/.config stands for a variable that is not set.",
    ),
    ("$XDG_STATE_HOME/jobdeck/sessions.json", "The jobs that were watched last at each API; ~/.local/state likewise."),
    (
        "$XDG_STATE_HOME/jobdeck/crash.log",
        "Bugs, with what is needed to correct them and without secrets; crash.log.1 holds older ones.",
    ),
)


def manual(command: click.Command, version: str) -> str:
    """Return the page in roff.

    Args:
        command: The command `jobdeck` itself; those below it are walked in the order of its help.
        version: What `--version` says.
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
        _told(top.command.help),
        *_section("Job", JOB),
        heading("Commands"),
        *(part for context in below for part in _command(context)),
        *_section("Options", PRECEDENCE),
        *(part for title, rows in sections(top) for part in _options(title, rows)),
        *_section("Exit status", "", EXITS),
        _told(EXITS_TOLD),
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


def _blocks(told: str | None, mark: str) -> Iterator[str]:
    """Yield the parts of a help text that begin with `mark`, without it."""
    return (part.removeprefix(mark) for part in (told or "").strip("\n").split("\n\n") if part.startswith(mark))


def _told(told: str | None) -> str:
    """Return a help text without its examples; click keeps the line breaks of parts that begin with a backspace, and so
    do we.
    """
    parts = [part for part in (told or "").strip("\n").split("\n\n") if not part.startswith(EXAMPLES)]
    return "".join(
        block(part.removeprefix(KEPT)) if part.startswith(KEPT) else paragraph(" ".join(part.split())) for part in parts
    )


def _command(context: click.Context) -> Iterator[str]:
    yield subheading(context.command_path)
    yield _told(context.command.help)
    own = dict(sections(context))[OWN]
    yield from (entry(name, told) for name, told in own if not name.endswith("--help"))


def _options(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    if title != OWN:
        yield subheading(title)
    yield from (entry(name, told) for name, told in rows)


def _section(title: str, told: str, entries: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    yield heading(title)
    yield _told(told) if told else ""
    yield from (entry(name, meaning) for name, meaning in entries)


def _variables() -> Iterator[tuple[str, str]]:
    yield from SECRETS
    for setting in SETTINGS:
        if setting.variable:
            yield setting.variable, f"As {setting.option}." if setting.has_option else UNNAMED[setting.name]
        yield from (
            (alias, f"As {setting.variable}, if neither that nor an option or a profile says it.")
            for alias in setting.aliases
        )
    yield from HONOURED
