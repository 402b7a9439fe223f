"""What the tab key offers, asked as the scripts of the shells ask."""

import subprocess
import sys

import pytest

from tui.cli.commands import COMMANDS
from tui.cli.completion_values import MOST_IDS, job_types, paths
from tui.cli.shell_completion import split_line
from tui.domain.job_source import FILTERED_TYPES
from tui.history.sessions import Sessions

CONFIG = '[profiles.prod]\ntenant = "1"\n[profiles.preview]\n[profiles."not $(a) name"]\n'
ASK = """
import sys
from tui.cli.main import main
try:
    main()
except SystemExit as end:
    print(end.code, *sys.modules, sep="\\n", file=sys.stderr)
"""
HEAVY = {"textual", "rich", "httpx", "pydantic", "starlette", "uvicorn", "asyncio", "ssl"}


@pytest.fixture
def config(tmp_path):
    file = tmp_path / ".config" / "jobdeck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(CONFIG, encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture
def sessions(tmp_path):
    return Sessions(tmp_path / ".local" / "state" / "jobdeck")


@pytest.fixture
def ask(bare, tmp_path):
    """Returns the completed process of a line up to the cursor."""

    def asked(line, shell="zsh", **env):
        environ = {**bare, "_JOBDECK_LINE": line, "_JOBDECK_COMPLETE": f"{shell}_complete", **env}
        command = [sys.executable, "-W", "error", "-c", ASK]
        return subprocess.run(
            command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=True
        )

    return asked


@pytest.fixture
def offered(ask):
    """Returns the words that are offered for a line."""

    def words(line, shell="zsh", **env):
        result = ask(line, shell, **env)
        assert result.stderr.partition("\n")[0] == "0"
        return [row.split("\t")[1] for row in result.stdout.splitlines() if row]

    return words


def test_the_first_word_is_a_command_or_a_job(offered, sessions):
    sessions.keep("https://a.test/api", (884213,))

    assert offered("jobdeck ") == [*sorted(COMMANDS), "884213"]


def test_the_first_word_is_an_option_of_the_app_too(offered):
    assert {"--demo", "--profile", "--install-completion", "--help"} <= set(offered("jobdeck -"))


@pytest.mark.parametrize(
    ("begun", "words"),
    [
        ("sta", ["status", "started"]),
        ("jobID,STA", ["jobID,status", "jobID,started"]),
        ("status,sta", ["status,started"]),
    ],
)
def test_columns_are_offered_piece_by_piece(offered, begun, words):
    assert offered(f"jobdeck get 1 --columns {begun}") == words


def test_behind_a_job_come_jobs_and_no_command(offered, sessions):
    sessions.keep("https://a.test/api", (884213, 884214))

    assert offered("jobdeck 884213 ") == ["884214"]
    assert "--interval" in offered("jobdeck 884213 --int")


def test_commands_below_a_command_come_with_what_they_do(ask):
    assert "plain\tshow\tShow every setting and its origin.\n" in ask("jobdeck config ").stdout


@pytest.mark.parametrize(
    "line", ["jobdeck --profile pr", "jobdeck get --profile pr", "jobdeck config show --profile pr"]
)
def test_profiles_are_those_of_the_file_that_can_be_typed(offered, config, line):
    assert offered(line) == ["prod", "preview"]


@pytest.mark.parametrize(
    "content", [b"\xff", b"[profiles", b'token = "canary"', None], ids=["binary", "cut", "secret", "folder"]
)
def test_a_bad_configuration_offers_nothing_and_is_silent(ask, config, content):
    config.unlink()
    config.write_bytes(content) if content is not None else config.mkdir()

    result = ask("jobdeck --profile ")

    assert result.stdout.strip() == ""
    assert result.stderr.startswith("0\n")


def test_a_value_behind_an_equals_sign_is_offered_as_the_whole_word(offered, config):
    assert offered("jobdeck get --profile=pre") == ["--profile=preview"]


@pytest.mark.parametrize(
    ("breaks", "line", "word"),
    [
        ("=:@", "jobdeck get --profile=pre", "preview"),
        ("", "jobdeck get --profile=pre", "--profile=preview"),
        ("@", "jobdeck get --profile=pre", "--profile=preview"),
        (":", "jobdeck simulate --scenario fleet:", "500"),
        ("@=:", "jobdeck get @jo", r"@jobs\ \$\(x\).txt"),
        ("", "jobdeck get @jo", r"@jobs\ \$\(x\).txt"),
    ],
    ids=["equals", "no breaks", "another break", "colon", "at", "at without breaks"],
)
def test_bash_gets_what_stands_behind_its_break_characters(offered, config, tmp_path, breaks, line, word):
    (tmp_path / "jobs $(x).txt").touch()

    assert offered(line, "bash", _JOBDECK_BREAKS=breaks) == [word]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("jobdeck get -o j", ["json", "jsonl"]),
        ("jobdeck --env T", ["tp1", "tp2", "tp3", "tp4", "tp5"]),
        ("jobdeck get --region ", ["usc1", "euw1"]),
        ("jobdeck --install-completion ", ["bash", "zsh", "fish"]),
        ("jobdeck get --interval ", ["auto"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_options_with_known_values_offer_them(offered, line, words):
    assert offered(line) == words


@pytest.mark.parametrize("option", ["--token-file", "--ca-file", "--log-file", "--token-command"])
def test_options_with_paths_leave_files_to_the_shell(ask, option):
    assert ask(f"jobdeck get {option} x").stdout == "file\tx\t\n"


def test_jobs_are_the_newest_of_the_list_that_was_kept_last(offered, sessions):
    sessions.keep("https://a.test/api", (30, 10))
    sessions.keep("https://b.test/api", range(1000, 1100))
    sessions.keep("https://a.test/api", (30, 20))

    assert offered("jobdeck get ") == ["30", "20", *map(str, range(1099, 1099 - MOST_IDS + 2, -1))]


def test_jobs_are_narrowed_by_digits_and_not_offered_twice(offered, sessions):
    sessions.keep("https://a.test/api", (884213, 884214, 884999, 7))

    assert offered("jobdeck get 884214 8842") == ["884213"]
    assert offered("jobdeck get 884213,8842") == ["884213,884214"]
    assert offered("jobdeck get x8") == []


def test_a_bad_list_is_neither_offered_nor_moved(offered, tmp_path):
    file = tmp_path / ".local" / "state" / "jobdeck" / "sessions.json"
    file.parent.mkdir(parents=True)
    file.write_text("{", encoding="ascii")

    assert offered("jobdeck get ") == []
    assert [path.name for path in file.parent.iterdir()] == ["sessions.json"]


def test_behind_an_at_sign_stand_files(offered, tmp_path):
    for name in ("jobs.txt", "jobs\x1b.txt", "other.txt", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "joblists").mkdir()

    assert offered("jobdeck get @jo") == ["@joblists/", "@jobs.txt"]
    assert offered("jobdeck @~/oth") == ["@~/other.txt"]
    assert offered("jobdeck @.h") == ["@.hidden"]
    assert offered("jobdeck @none/") == []


def test_a_folder_that_is_no_folder_offers_nothing(tmp_path):
    (tmp_path / "file").touch()

    assert paths(f"{tmp_path}/file/") == []
    assert paths("~nobody-of-this-name/") == []


def test_types_are_those_that_a_list_can_be_asked_for():
    assert job_types(None, None, "") == sorted(FILTERED_TYPES)
    assert job_types(None, None, "bin_audit_s") == ["BIN_AUDIT_START"]


@pytest.mark.parametrize("line", ["jobdeck ", "jobdeck get ", "jobdeck get --", "jobdeck --profile "])
def test_completing_imports_nothing_heavy(ask, config, sessions, line):
    sessions.keep("https://a.test/api", (1,))

    assert HEAVY.isdisjoint(ask(line).stderr.split())


@pytest.mark.parametrize(
    ("line", "words", "begun"),
    [
        ("jobdeck", [], ""),
        ("jobdeck ", [], ""),
        ("jobdeck get", [], "get"),
        ("jobdeck get ", ["get"], ""),
        ("jobdeck 'a b' \"c d", ["a b"], "c d"),
        (r"~/x\ y/jobdeck a\ b", [], "a b"),
    ],
)
def test_a_line_is_split_as_a_shell_would(line, words, begun):
    assert split_line(line) == (words, begun)


def test_an_unknown_question_is_refused_silently(ask, bare):
    result = subprocess.run(
        [sys.executable, "-m", "tui"],
        env={**bare, "_JOBDECK_COMPLETE": "tcsh_complete"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout, result.stderr) == (1, "", "")
