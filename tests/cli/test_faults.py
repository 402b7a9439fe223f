"""The fault table (tests/README.md) as the command line meets it, on a real socket."""

import asyncio
import itertools
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import until
from tests.support.raw_server import Asked, RawServer, Sent, answer
from tui.simulator.app import create_app
from tui.simulator.tokens import TokenDesk

TLS = Path(__file__).parents[1] / "data" / "tls"
CONTROLS = {chr(code) for code in (*range(32), *range(127, 160))} - {"\n"}
CANARY = "canary-7c1e5d90b2"

COMMANDS = pytest.mark.parametrize("command", ["get", "wait", "watch"])


def in_turn(*rows):
    """Return the rows with a command behind each: all read settings in one place, and a start takes half a second."""
    return [(*row, command) for row, command in zip(rows, itertools.cycle(["get", "wait", "watch"]), strict=False)]


@pytest.fixture
def against(bare, jobdeck):
    """Run the command against a scripted server, and return its result and the server."""

    async def run(script, *arguments, certificate=None, authority=None, env=None):
        async with RawServer(script, certificate=certificate, authority=authority) as server:
            told = {**bare, "KIBO_API_HOST": server.url, "KIBO_ACCESS_TOKEN": CANARY, **(env or {})}
            return await asyncio.to_thread(jobdeck, *arguments, env=told), server

    return run


# Row 4


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"", status="500 \x1b[2J\x9b31mno"),
        answer(b"", status="400 no", headers=[b"x-vol-correlation: a\x1b]0;x\x07b"]),
        answer(b'{"message": "\\u001b[31mno\\u202e"}', status="400 no"),
    ],
    ids=["reason", "header", "body"],
)
@pytest.mark.parametrize(
    "arguments", [["get"], ["watch", "--timeout", "2s"], ["wait", "--timeout", "2s", "-o", "json"]], ids=" ".join
)
async def test_controls_of_an_error_reach_no_stream(against, reply, arguments):
    result, _ = await against([Asked(), Sent(reply)], *arguments, "1")

    assert result.returncode == 3
    assert not CONTROLS & set(result.stdout + result.stderr)
    assert "\\x" in result.stderr or "\\u" in result.stderr


# Row 11


def test_refusals_have_distinct_words(jobdeck, faults):
    told = {}
    for status in (400, 403, 404, 409, 410, 422):
        faults.clear()
        faults.answer_always(status, body=b'{"error": "Not", "message": "because %d"}' % status)
        told[status] = jobdeck("get", "1")

    assert {status: result.returncode for status, result in told.items()} == {
        400: 3,
        403: 4,
        404: 5,
        409: 3,
        410: 5,
        422: 3,
    }
    assert len({result.stderr.replace(str(status), "") for status, result in told.items()}) >= 4
    assert all(f"HTTP {status}" in result.stderr for status, result in told.items())


# Every row: what to do

PLACE = "check --api-host, and that no proxy or login page answers instead of the API"
GATEWAY = "check --api-host and the path in it; if they are right, wait until the API is back"
NOT_THERE = b'{"error": "Job Not Found", "message": "none"}'
SUPPORT = "try again later, and give support the correlation id"
REMEDIES = {
    "empty": (answer(b""), PLACE),
    "html": (answer(b"<html>login</html>"), PLACE),
    "cut": (answer(b'{"jobID": 1'), "try again; if it persists, ask who runs the server or the proxy"),
    "redirect": (answer(status="302 Found", headers=[b"Location: https://login.test/x"]), PLACE),
    "foreign": (answer(b'{"jobID": 1, "tenantID": 999}'), "check --tenant, --site and --api-host"),
    "400": (answer(status="400 No"), "check the id, the tenant and the site"),
    "404": (answer(NOT_THERE, status="404 No"), "check the id and the tenant"),
    "410": (answer(NOT_THERE, status="410 No"), "leave it out"),
    "404 of a gateway": (answer(b"default backend - 404", status="404 No"), GATEWAY),
    "404 of nobody": (answer(status="404 No"), GATEWAY),
    "no job": (answer(b'{"status": "SUCCESS"}'), PLACE),
    "429": (
        answer(status="429 No", headers=[b"Retry-After: 60"]),
        "wait 60 s, and send fewer requests: all sandbox tenants share one limit",
    ),
    "500": (answer(status="500 No", headers=[b"x-vol-correlation: 7f3a"]), SUPPORT),
    "502": (answer(status="502 No", headers=[b"x-vol-correlation: 7f3a"]), SUPPORT),
    "503": (
        answer(status="503 No", headers=[b"Retry-After: 60"]),
        "wait 60 s; if it persists, tell support when it happened",
    ),
}


@pytest.mark.parametrize(("reply", "remedy"), REMEDIES.values(), ids=REMEDIES)
async def test_an_error_says_what_to_do_in_one_line_and_in_json(against, reply, remedy):
    result, _ = await against([Asked(), Sent(reply)], "get", "1", "-o", "json", env={"KIBO_TENANT": "123"})

    (job,) = json.loads(result.stdout)
    assert result.returncode in {3, 5}
    assert result.stderr.startswith("jobdeck: 1: ")
    assert (result.stderr.count("\n"), result.stderr.count(f"; {remedy}"), result.stderr.count(remedy)) == (1, 1, 1)
    assert job["error"]["message"].endswith(f"; {remedy}")


@COMMANDS
@pytest.mark.parametrize("fault", ["empty", "500"])
async def test_each_command_says_what_to_do(against, command, fault):
    reply, remedy = REMEDIES[fault]
    patience = [] if command == "get" else ["--timeout", "1s"]

    result, _ = await against([Asked(), Sent(reply)], command, "1", *patience)

    told, *ending = result.stderr.splitlines()
    assert (told.startswith("jobdeck: 1: "), (result.stdout + result.stderr).count(remedy)) == (True, 1)
    assert [line[:24] for line in ending] == ([] if command == "get" else ["jobdeck: timed out after"])


@COMMANDS
def test_a_connection_that_is_refused_says_what_to_do_once(jobdeck, environ, command):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    result = jobdeck(command, "1", env={**environ, "KIBO_API_HOST": f"http://127.0.0.1:{port}"})

    told = f"127.0.0.1:{port} refused the connection; check the address, and that the server runs there\n"
    assert result.returncode == 3
    if command == "wait":
        assert (result.stdout, result.stderr) == (
            f"1  not read  {told}",
            f"jobdeck: 1: 127.0.0.1:{port} refused the connection\n",
        )
        return
    assert result.stderr == "".join([f"jobdeck: 1: {told}", *([f"jobdeck: {told}"] if command == "watch" else [])])


# Row 12


def test_a_refusal_is_told_once_with_the_jobs_that_it_kept_from_being_read(jobdeck, environ):
    result = jobdeck("wait", "1-3", "-o", "json", env={**environ, "KIBO_ACCESS_TOKEN": "wrong-canary"})

    assert [reading["error"]["kind"] for reading in json.loads(result.stdout)] == ["unauthorised"] * 3
    assert result.stderr.startswith("jobdeck: 1-3: not authorised by ")
    assert result.stderr.count("\n") == 1


def test_a_timeout_does_not_repeat_what_is_told_of_its_jobs(jobdeck, faults):
    faults.answer_always(429, headers={"Retry-After": "60"})

    result = jobdeck("wait", "1", "--timeout", "1s")

    assert result.stderr.count("too many requests") == 1
    assert result.stderr.endswith("timed out after 1s: 1 job not ended: 1\n")


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(CANARY)
    return file


@COMMANDS
def test_a_token_refused_for_ever_costs_two_requests_at_most(jobdeck, environ, faults, token_file, command):
    environ.pop("KIBO_ACCESS_TOKEN")

    result = jobdeck(command, "1-50", "--token-file", str(token_file), env=environ)

    assert result.returncode == 4
    assert CANARY not in result.stdout + result.stderr
    assert faults.requests <= 2


@pytest.mark.long
@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_token_that_ends_under_a_watch_leaves_no_gap(jobdeck, environ, switch, queue, faults, end):
    """Client credentials whose tokens live for 2 s, or are taken back after each second answer."""
    queue.put(7, {"jobID": 7, "status": "WORKING", "started": "2026-11-24T09:00:00Z"})
    desk = TokenDesk(queue.clock, (), expires_in_s=2.0) if end == "expired" else Fickle(queue.clock, ())
    switch.app = create_app(queue, faults=faults, desk=desk)
    environ.pop("KIBO_ACCESS_TOKEN")
    env = {**environ, "KIBO_CLIENT_ID": "demo", "KIBO_SHARED_SECRET": "demo"}

    result = jobdeck("watch", "7", "--timeout", "6s", "--interval", "0.5", "-o", "jsonl", env=env)

    events = [json.loads(line)["event"] for line in result.stdout.splitlines()]
    asked_s = [request.at_s for request in faults.log if request.path.endswith("/7")]
    assert (result.returncode, events) == (124, ["snapshot", "done"])
    assert max(later - sooner for sooner, later in itertools.pairwise(asked_s)) < 1.5
    assert len([request for request in faults.log if "oauth" in request.path]) >= 2


class Fickle(TokenDesk):
    """Takes a token back after two answers."""

    def accepts(self, authorization):
        is_good = super().accepts(authorization)
        self.answers = getattr(self, "answers", 0) + is_good
        if is_good and self.answers % 2 == 0:
            self.revoke()
        return is_good


# Row 17


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("self_signed", "is self-signed or of an unknown authority; pass its file by --ca-file"),
        ("expired", "has expired; the server must renew it"),
        ("wrong_host", "the certificate does not belong to 127.0.0.1; check the address of the host"),
    ],
)
async def test_each_bad_certificate_has_its_own_sentence(against, certificate, words):
    authority = str(TLS / "authority.pem")

    result, server = await against(
        [Asked(), Sent(answer())], "get", "1", "--ca-file", authority, certificate=TLS / f"{certificate}.pem"
    )

    assert (result.returncode, server.requests) == (3, [])
    assert words in result.stderr


async def test_a_private_authority_is_trusted_by_ca_file(against):
    result, _ = await against(
        [Asked(), Sent(answer())],
        "get",
        "1",
        env={"JOBDECK_CA_FILE": str(TLS / "authority.pem")},
        certificate=TLS / "good.pem",
    )

    assert result.returncode == 0


@pytest.mark.parametrize("command", [["get", "1"], ["wait", "1"], ["find"]], ids=" ".join)
async def test_a_server_that_asks_for_a_client_certificate_is_named(against, command):
    authority = TLS / "authority.pem"

    result, server = await against(
        [Asked(), Sent(answer())],
        *command,
        "--ca-file",
        str(authority),
        certificate=TLS / "good.pem",
        authority=authority,
    )

    assert (result.returncode, server.requests) == (3, [])
    assert "asks for a client certificate" in result.stderr
    assert "; give it by --client-cert, and its private key by --client-key" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("mode", "note"),
    [(0o600, ""), (0o644, "is open to other users (mode 0644); run chmod 600 on it")],
    ids=["private", "open"],
)
async def test_a_client_certificate_is_shown_to_a_server_that_asks_for_it(against, tmp_path, mode, note):
    shutil.copy(TLS / "good.pem", tmp_path / "key.pem")
    (tmp_path / "key.pem").chmod(mode)
    told = {"JOBDECK_CLIENT_CERT": str(TLS / "good.pem"), "JOBDECK_CLIENT_KEY": str(tmp_path / "key.pem")}
    authority = TLS / "authority.pem"

    result, _ = await against(
        [Asked(), Sent(answer())],
        "get",
        "1",
        "--ca-file",
        str(authority),
        env=told,
        certificate=TLS / "good.pem",
        authority=authority,
    )

    assert result.returncode == 0
    assert note in result.stderr
    assert bool(note) == bool(result.stderr)


# Row 18


@pytest.mark.parametrize(
    ("told", "named", "command"),
    in_turn(
        ({"SSL_CERT_FILE": "/nowhere.pem"}, "SSL_CERT_FILE '/nowhere.pem' does not exist"),
        ({"SSL_CERT_DIR": "/nowhere"}, "SSL_CERT_DIR '/nowhere' is no folder"),
        ({"JOBDECK_CA_FILE": "/nowhere.pem"}, "JOBDECK_CA_FILE '/nowhere.pem' does not exist"),
        ({"ALL_PROXY": "socks5://x:1"}, "ALL_PROXY is a SOCKS proxy"),
        ({"HTTPS_PROXY": "http://u:canary@x:99999"}, "HTTPS_PROXY is no proxy address"),
        ({"JOBDECK_CLIENT_CERT": "/nowhere.pem"}, "JOBDECK_CLIENT_CERT '/nowhere.pem' does not exist"),
        ({"JOBDECK_CLIENT_KEY": "/nowhere.pem"}, "JOBDECK_CLIENT_KEY '/nowhere.pem' is a key without a certificate"),
        ({"KIBO_API_HOST": "x.example:99999"}, "KIBO_API_HOST 'x.example:99999' has a bad port"),
        ({"KIBO_API_HOST": "http://x.example"}, "KIBO_API_HOST 'http://x.example' uses http"),
        ({"KIBO_AUTH_HOST": "http://x.example"}, "KIBO_AUTH_HOST 'http://x.example' uses http"),
        ({"JOBDECK_LOG_FILE": "/nowhere/a.log"}, "JOBDECK_LOG_FILE '/nowhere/a.log' cannot be written"),
    ),
)
def test_a_bad_setting_is_one_line_that_names_it(jobdeck, bare, told, named, command):
    result = jobdeck(command, "1", env={**bare, "KIBO_API_HOST": "x.example", "KIBO_ACCESS_TOKEN": "t", **told})

    assert result.returncode == 2
    assert result.stderr.startswith(f"jobdeck: {named}")
    assert result.stderr.count("\n") == 1
    assert "canary" not in result.stderr


def test_exemptions_that_cannot_be_read_are_skipped_with_a_note(jobdeck, bare):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"

    told = {
        "KIBO_API_HOST": "x.example",
        "KIBO_ACCESS_TOKEN": CANARY,
        "HTTPS_PROXY": proxy,
        "NO_PROXY": "localhost,[::1]",
    }
    result = jobdeck("get", "1", env={**bare, **told})

    assert result.returncode == 3
    note = "jobdeck: note: '[::1]' in NO_PROXY cannot be read and is skipped; separate names with commas, IPv6 without brackets\n"
    assert result.stderr.startswith(note)
    assert "the proxy of HTTPS_PROXY cannot be reached" in result.stderr


def test_a_proxy_that_refuses_is_told_apart_from_the_api(jobdeck, bare):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    result = jobdeck(
        "get",
        "1",
        env={
            **bare,
            "KIBO_API_HOST": "x.example",
            "KIBO_ACCESS_TOKEN": "t",
            "HTTPS_PROXY": f"http://u:canary@127.0.0.1:{port}",
        },
    )

    assert result.returncode == 3
    assert f"the proxy of HTTPS_PROXY cannot be reached: 127.0.0.1:{port} refused the connection" in result.stderr
    assert "canary" not in result.stderr


# Row 22


@pytest.mark.parametrize(
    ("token", "named", "command"),
    in_turn(
        (f"{CANARY}\nx", "is a line break"),
        (f"\u201c{CANARY}\u201d", "is not ASCII"),
        (f"{CANARY}\x07", "is a control character"),
        (" ", "is empty"),
    ),
)
def test_a_bad_token_is_named_and_never_shown(jobdeck, environ, token, named, command):
    result = jobdeck(command, "1", env={**environ, "KIBO_ACCESS_TOKEN": token})

    assert result.returncode == 2
    assert f"{named};" in result.stderr
    assert "canary" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("open", "is open to other users (mode 0644)"),
        ("/dev/zero", "is no regular file"),
        ("folder", "is no regular file"),
        ("fifo", "no regular file"),
    ],
)
def test_a_bad_token_file_is_named(jobdeck, environ, tmp_path, place, named):
    environ.pop("KIBO_ACCESS_TOKEN")
    (tmp_path / "open").write_text(CANARY)
    (tmp_path / "open").chmod(0o644)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo", 0o600)

    result = jobdeck("get", "1", "--token-file", str(tmp_path / place), env=environ)

    assert result.returncode == 2
    assert named in result.stderr
    assert CANARY not in result.stderr


@pytest.mark.parametrize("command", ["get", "wait"])
@pytest.mark.parametrize("status", [200, 401, 403, 500])
def test_a_token_stands_nowhere(jobdeck, environ, switch, queue, faults, token_file, tmp_path, status, command):
    environ.pop("KIBO_ACCESS_TOKEN")
    switch.app = create_app(queue, faults=faults, tokens={CANARY})
    if status != 200:
        faults.answer_always(status, body=json.dumps({"message": f"bad token {CANARY}"}).encode())
    log = tmp_path / "jobdeck.log"

    result = jobdeck(command, "1", "-o", "json", "--token-file", str(token_file), "--log-file", str(log), env=environ)

    written = [
        file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file() and file != token_file
    ]
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert {event["status"] for event in events if "status" in event} == {status}
    assert all(event["url"].startswith(environ["KIBO_API_HOST"]) for event in events)
    assert CANARY not in "".join([result.stdout, result.stderr, *written])


def test_a_token_is_not_in_the_list_of_processes(started, environ, faults, token_file):
    environ.pop("KIBO_ACCESS_TOKEN")
    faults.delay_s = 60.0
    process = started("get", "1", "--token-file", str(token_file), env=environ, is_fresh=True)

    until(lambda: faults.log)

    assert b"--token-file" in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert CANARY.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()


def test_what_is_written_is_its_owner_s_alone(jobdeck, tmp_path):
    jobdeck("get", "1", "--log-file", str(tmp_path / "jobdeck.log"))

    assert stat.S_IMODE((tmp_path / "jobdeck.log").stat().st_mode) == 0o600


# Row 18


@pytest.mark.parametrize("command", [["get", "1"], ["watch", "1"], ["get", "1", "--demo"]], ids=" ".join)
@pytest.mark.parametrize("name", ["missing.pem", "nonsense.pem"])
def test_a_ca_file_that_cannot_be_used_is_named_where_http_is_asked(jobdeck, tmp_path, faults, command, name):
    (tmp_path / "nonsense.pem").write_text("nonsense")

    result = jobdeck(*command, "--ca-file", str(tmp_path / name))

    assert (result.returncode, result.stdout) == (2, "")
    why = "does not exist" if name == "missing.pem" else "is no PEM file"
    assert result.stderr.endswith(f"' {why}; give the path of a file with certificates in PEM, or leave it out\n")
    assert faults.requests == 0


# Row 27


@pytest.mark.parametrize("terminal", ["dumb", "unknown", "vt100", "linux", "screen", "tmux-256color", ""])
def test_lines_are_plain_whatever_the_terminal_is_called(jobdeck, environ, terminal):
    result = jobdeck("get", "2", env={**environ, "TERM": terminal, "CI": "1"})

    assert result.returncode == 0
    assert not CONTROLS & set(result.stdout)


@pytest.fixture
def redirected(environ):
    """Runs the command with redirections of its streams that only a shell can make."""

    def run(redirection, *arguments):
        command = ["/bin/sh", "-c", f'exec "$0" -m tui "$@" {redirection}', sys.executable, *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=False)

    return run


@pytest.mark.parametrize("stream", ["0<&-", "2>&-"])
def test_a_closed_stream_changes_nothing_but_itself(redirected, stream):
    result = redirected(stream, "get", "1")

    assert result.returncode == 0
    assert result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("get", "1"),
        ("watch", "1"),
        ("wait", "1"),
        ("find",),
        ("doctor",),
        ("simulate",),
        ("config", "show"),
        ("--help",),
        ("--version",),
        ("1",),
        (),
    ],
    ids=" ".join,
)
def test_a_closed_output_is_an_error_before_anything_is_asked(redirected, faults, arguments):
    result = redirected(">&-", *arguments)

    assert result.returncode == 2
    assert (
        result.stderr
        == "jobdeck: standard output is closed; open it, or send it to /dev/null if the exit code is all you want\n"
    )
    assert faults.requests == 0


@pytest.mark.parametrize("arguments", [("get", "1"), ("--help",)], ids=" ".join)
def test_an_output_that_takes_nothing_is_an_error(redirected, arguments):
    result = redirected("1</dev/null", *arguments)

    assert (result.returncode, result.stderr) == (
        2,
        "jobdeck: standard output cannot be written: bad file descriptor; check where it goes, and how full that disk is\n",
    )


ASCII_LOCALES = [
    {},
    {"LANG": ""},
    {"LANG": "C"},
    {"LANG": "POSIX"},
    {"LC_CTYPE": "C"},
    {"LC_ALL": "C"},
    {"LC_ALL": "C", "LANG": "C.UTF-8"},
    {"LANG": "xx_YY.ISO-8859-1"},
    {"LC_ALL": "C", "PYTHONUTF8": "0"},
]
UTF8_LOCALES = [
    {"LANG": "C.UTF-8"},
    {"LC_CTYPE": "C.UTF-8"},
    {"LC_ALL": "C.UTF-8", "LANG": "C"},
    {"LC_ALL": "", "LANG": "C.UTF-8"},
    {"LANG": "xx_YY.UTF-8"},
    {"LC_ALL": "xx_YY.utf8"},
]


@pytest.fixture
def with_locale(jobdeck, environ, queue):
    """Runs the command as cron, a container or a shell with this locale would, over a job of a name beyond ASCII."""
    queue.put(9, {"jobID": 9, "status": "SUCCESS", "locationCode": "caf\u00e9"})
    return lambda locale, *arguments: jobdeck(
        *arguments, env={**{k: v for k, v in environ.items() if k != "LANG"}, **locale}
    )


@pytest.mark.parametrize("locale", ASCII_LOCALES, ids=str)
def test_a_locale_of_ascii_gets_ascii(with_locale, locale):
    result = with_locale(locale, "get", "9")

    assert result.stdout.isascii()
    assert "caf\\xe9" in result.stdout


@pytest.mark.parametrize(
    "arguments", [("wait", "9"), ("get", "9", "-o", "markdown"), ("get", "caf\u00e9")], ids=" ".join
)
def test_lines_tables_and_errors_are_ascii_too(with_locale, arguments):
    result = with_locale({"LANG": "C"}, *arguments)

    assert (result.stdout + result.stderr).isascii()
    assert "caf\\xe9" in result.stdout + result.stderr


@pytest.mark.parametrize("locale", UTF8_LOCALES, ids=str)
def test_a_locale_of_utf_8_gets_what_the_server_says(with_locale, locale):
    assert "caf\u00e9" in with_locale(locale, "get", "9").stdout


@pytest.mark.parametrize("locale", ASCII_LOCALES[:3], ids=str)
def test_a_csv_file_is_utf_8_wherever_it_is_made(with_locale, locale):
    """tui/scripts/README.md, Output: a spreadsheet opens it elsewhere, and cron sets no locale."""
    assert "caf\u00e9" in with_locale(locale, "get", "9", "-o", "csv").stdout


# Row 32


def test_a_spreadsheet_runs_nothing_and_breaks_no_row(jobdeck, queue):
    queue.put(
        9,
        {"jobID": 9, "status": "FAILED", "locationCode": "@SUM(A1)", "messages": ["=1+1", "+a\r\nb\x00", "\t=x", "-2"]},
    )

    result = jobdeck("get", "9", "-o", "csv")

    assert result.returncode == 0
    assert not (CONTROLS - {"\r"}) & set(result.stdout)
    assert "'@SUM(A1)" in result.stdout
    assert "'=1+1" in result.stdout
