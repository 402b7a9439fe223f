import os
from pathlib import Path

import pytest

from tests.api.credentials.conftest import TOKEN, report_of
from tui.api.credentials import FileToken
from tui.errors import ConfigError


async def text_of(source):
    return (await source.token()).get_secret_value()


def replace(path, content):
    """Put another file in the place of `path`, as careful programs do."""
    fresh = path.with_name("fresh")
    fresh.touch(0o600)
    fresh.write_text(content)
    fresh.replace(path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606, 0o620])
async def test_a_file_open_to_others_is_refused(token_file, mode):
    token_file.chmod(mode)

    with pytest.raises(ConfigError, match=rf"token file {token_file} is open to other users \(mode {mode:04o}\); run chmod 600"):
        await FileToken(token_file).token()


async def test_a_fifo_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "fifo", 0o600)

    with pytest.raises(ConfigError, match="is no regular file"):
        await FileToken(tmp_path / "fifo").token()


@pytest.mark.parametrize("path", ["/dev/zero", "/tmp"])
async def test_devices_and_folders_are_refused(path):
    with pytest.raises(ConfigError, match=f"token file {path} (is no regular file|cannot be read: is a directory)"):
        await FileToken(Path(path)).token()


async def test_a_missing_file_is_named_with_the_setting_that_named_it(tmp_path):
    with pytest.raises(ConfigError, match=r"gone cannot be read: no such file or directory; check profile prod: token_file"):
        await FileToken(tmp_path / "gone", setting="profile prod: token_file").token()


async def test_a_huge_file_is_refused(token_file):
    token_file.write_bytes(b"x" * 65_537)

    with pytest.raises(ConfigError, match="larger than 64 kB"):
        await FileToken(token_file).token()


async def test_a_symbolic_link_to_a_private_file_is_followed(token_file, tmp_path):
    (tmp_path / "link").symlink_to(token_file)

    assert await text_of(FileToken(tmp_path / "link")) == TOKEN


def test_an_unusable_file_is_said_before_anything_is_asked(token_file):
    token_file.chmod(0o644)

    with pytest.raises(ConfigError, match="is open to other users"):
        FileToken(token_file).check()


async def test_a_file_is_not_read_again_while_it_stays_the_same(token_file, monkeypatch):
    source, reads = FileToken(token_file), []
    true_open = os.open
    monkeypatch.setattr(os, "open", lambda *args: reads.append(args) or true_open(*args))

    for _ in range(5):
        await source.token()

    assert len(reads) == 1


@pytest.mark.parametrize("change", [replace, Path.write_text], ids=["replaced", "overwritten"])
async def test_a_changed_file_is_read_again_without_a_refusal(token_file, change):
    source = FileToken(token_file)
    await source.token()

    change(token_file, "renewed")

    assert await text_of(source) == "renewed"


@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_text(""), Path.unlink, lambda path: path.chmod(0o644)], ids=["empty", "gone", "open"]
)
async def test_a_file_that_became_unusable_leaves_the_token_before_until_it_is_good_again(token_file, spoil):
    source = FileToken(token_file)
    await source.token()

    spoil(token_file)
    meanwhile = await text_of(source)
    replace(token_file, "renewed")

    assert meanwhile == TOKEN
    assert await text_of(source) == "renewed"


async def test_a_refused_token_is_read_again_whatever_the_file_looks_like(token_file):
    source = FileToken(token_file)
    refused = await source.token()
    before = token_file.stat()

    is_other = await source.renew(refused)
    token_file.write_text("x" * before.st_size)
    os.utime(token_file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert is_other is False
    assert await source.renew(refused) is True


async def test_a_renewal_says_why_the_file_cannot_be_used(token_file):
    source = FileToken(token_file)
    refused = await source.token()
    token_file.write_text("")

    with pytest.raises(ConfigError, match="is empty"):
        await source.renew(refused)

    assert await text_of(source) == TOKEN


async def test_a_file_that_was_touched_but_holds_the_same_token_is_no_news(token_file):
    source = FileToken(token_file)
    refused = await source.token()

    replace(token_file, TOKEN)
    after_touch = source.has_other_than(refused)
    replace(token_file, "renewed")

    assert after_touch is False
    assert source.has_other_than(refused) is True


async def test_facts_name_the_file_and_no_token(token_file):
    source = FileToken(token_file)
    await source.token()

    assert source.facts.origin == f"token file {token_file}"
    assert not any(TOKEN in text for text in (repr(source), str(vars(source)), repr(source.facts)))


async def test_a_crash_report_with_local_variables_does_not_show_a_bad_token(token_file):
    token_file.write_bytes(b"canary1\ncanary2")

    with pytest.raises(ConfigError) as caught:
        await FileToken(token_file).token()

    assert "canary" not in report_of(caught.value)
