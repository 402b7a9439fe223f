"""Makes the manual page jobdeck(1) of the help pages and settings. Pure: opens no file, and says nothing that the help does not know
but for the texts below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from tui.cli.pages import OWN, PageContext, sections
from tui.cli.roff import block, entry, heading, lines, paragraph, spelling, subheading
from tui.settings.schema import ACCESS_TOKEN, CLIENT_SECRET, SETTINGS, SHARED_SECRET

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
    ("1", "At least one job is FAILED, or ended with a status that jobdeck does not know; of find --exit-status: a job was found."),
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
UNNAMED = {"client_id": "Client id whose secret is in KIBO_SHARED_SECRET or the keyring.", "keyring": "1 has the system's keyring asked."}
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
    ("$XDG_STATE_HOME/jobdeck/crash.log", "Bugs, with what is needed to correct them and without secrets; crash.log.1 holds older ones."),
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
        lines(_usage(context) for context in contexts if context is top or not isinstance(context.command, click.Group)),
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
    """Return a help text without its examples; click keeps the line breaks of parts that begin with a backspace, and so do we."""
    parts = [part for part in (told or "").strip("\n").split("\n\n") if not part.startswith(EXAMPLES)]
    return "".join(block(part.removeprefix(KEPT)) if part.startswith(KEPT) else paragraph(" ".join(part.split())) for part in parts)


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
        yield from ((alias, f"As {setting.variable}, if neither that nor an option or a profile says it.") for alias in setting.aliases)
    yield from HONOURED
