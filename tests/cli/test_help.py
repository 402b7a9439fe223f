"""Every help page, of whatever commands there are."""

import pkgutil
import re
import shlex

import click
import pytest

from tui.cli import commands
from tui.cli.commands import COMMANDS
from tui.cli.main import group
from tui.cli.options import OWN, PageContext, SharedOption, sections
from tui.core.job_ids import parse
from tui.settings.schema import OPTIONS

WIDEST = 80
NOT_READ_HERE = re.compile(r"@|-$|\$")
"""JOB arguments that stand for something else: a file, standard input, a shell's variable."""


def walked(context):
    """Return the contexts of a command and of all below it."""
    yield context
    command = context.command
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        yield from walked(below.context_class(below, info_name=name, parent=context, **below.context_settings))


PAGES = {
    context.command_path: context
    for context in walked(PageContext(group, info_name="jobdeck", terminal_width=WIDEST, **group.context_settings))
}


def examples(page):
    """Return the command lines under `Examples:`, as words, without remarks and without what a shell does with the output."""
    (block,) = re.findall(r"^  Examples:\n((?:    .+\n)+)", page, re.MULTILINE)
    for line in re.sub(r"\\\n\s*", "", block).splitlines():
        for told in re.findall(r"\bjobdeck .*?(?=   |\s[|>;&<]|[;)]|$)", line):
            yield shlex.split(told, comments=True)[1:]


def parsed(words):
    """Return the context of the last command that the words name, parsed as if it were to run."""
    context = group.make_context("jobdeck", list(words))
    while isinstance(context.command, click.Group) and (rest := [*context._protected_args, *context.args]):
        name, command, rest = context.command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
    return context


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_terminal(path):
    assert max(map(len, PAGES[path].get_help().splitlines())) <= WIDEST


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_examples_of_its_command_that_parse(path):
    context = PAGES[path]
    told = list(examples(context.get_help() + "\n"))

    contexts = [parsed(words) for words in told]

    assert told
    assert any(
        it.command is context.command or it.command.name == "app" or it.parent.command is context.command
        for it in contexts
    )
    jobs = [job for it in contexts for job in it.params.get("jobs", ()) if not NOT_READ_HERE.match(job)]
    assert all(parse(job) for job in jobs)


def test_an_example_that_does_not_parse_is_noticed():
    (words,) = examples("\n  Examples:\n    jobdeck get 884213 --colour\n")

    with pytest.raises(click.NoSuchOption):
        parsed(words)


@pytest.mark.parametrize("path", PAGES)
def test_shared_options_stand_below_the_commands_own(path):
    command = PAGES[path].command
    titles = [title for title, _ in sections(PAGES[path])]

    has_shared = any(isinstance(parameter, SharedOption) for parameter in command.params)

    assert titles == ([OWN, "Connection options", "General options"] if has_shared else [OWN])


@pytest.mark.parametrize("path", [path for path in PAGES if path != "jobdeck"])
def test_inherited_options_are_one_line_that_names_the_page_of_jobdeck(path):
    context = PAGES[path]
    page = context.get_help()

    has_shared = any(isinstance(parameter, SharedOption) for parameter in context.command.params)

    assert (
        page.endswith("\nConnection and general options (--profile, --interval...): see jobdeck --help") is has_shared
    )
    assert "--api-host" not in page.partition("Options:")[2]


def test_the_page_of_jobdeck_has_all_options():
    page = PAGES["jobdeck"].get_help()

    shared = [
        option for option in PAGES["jobdeck"].command.params if isinstance(option, SharedOption) and not option.hidden
    ]
    assert len(shared) > 15
    assert all(f"\n  {max(option.opts, key=len)}" in page for option in shared)


@pytest.mark.parametrize("path", PAGES)
def test_every_shared_option_is_a_row_of_the_settings(path):
    rows = {setting.option: setting.help_line for setting in OPTIONS}

    shared = [option for option in PAGES[path].command.params if isinstance(option, SharedOption)]

    assert {option.opts[0]: option.help for option in shared}.items() <= rows.items()


def test_every_setting_has_an_option():
    options = {name for path in PAGES for option in PAGES[path].command.params for name in option.opts}

    assert {setting.option for setting in OPTIONS} <= options


@pytest.mark.parametrize("path", PAGES)
def test_every_option_says_what_it_is(path):
    options = [it for it in PAGES[path].command.params if isinstance(it, click.Option) and not it.hidden]

    assert all(option.help for option in options)


def test_a_hidden_option_is_on_no_page():
    command = click.Command(
        "it",
        params=[
            click.Option(["--seen"], is_flag=True, help="Seen."),
            click.Option(["--unseen"], help="No.", hidden=True),
        ],
    )

    (own,) = sections(PageContext(command))

    assert "--seen" in dict(own[1])
    assert "--unseen" not in dict(own[1])


def test_every_module_of_a_command_is_in_the_list_of_commands():
    modules = {module.name for module in pkgutil.iter_modules(commands.__path__)}

    assert modules - {"app", "demo"} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_names_each_with_one_line(name):
    command = group.get_command(PAGES["jobdeck"], name)

    assert command.name == name
    assert f"\n  {name:10}  {COMMANDS[name]}\n" in PAGES["jobdeck"].get_help()
