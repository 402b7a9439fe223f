import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.api.auth.conftest import TOKEN, report_of
from tui.api.auth.token_file import FileToken
from tui.core.errors import ConfigError


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

    with pytest.raises(
        ConfigError, match=rf"token file {token_file} is open to other users \(mode {mode:04o}\); run chmod 600"
    ):
        await FileToken(token_file).token()


@pytest.fixture
def mounted(token_file, monkeypatch):
    """Have the token file be as it is mounted: on a read-only file system, or root's own for another user."""

    def mount(*, mode, is_read_only=False, user=0):
        token_file.chmod(mode)
        found = os.statvfs(token_file)
        flags = found.f_flag | os.ST_RDONLY if is_read_only else found.f_flag & ~os.ST_RDONLY
        monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=flags))
        monkeypatch.setattr(os, "geteuid", lambda: token_file.stat().st_uid + user)
        return FileToken(token_file)

    return mount


@pytest.mark.skipif(os.geteuid() != 0, reason="the file has to be root's")
@pytest.mark.parametrize("mode", [0o644, 0o440, 0o444, 0o640])
async def test_a_file_of_root_that_others_may_read_is_used_with_a_concern(mounted, token_file, mode):
    source = mounted(mode=mode, user=1000)

    assert await text_of(source) == TOKEN
    assert [str(concern) for concern in source.facts.concerns] == [
        f"token file {token_file} is open to other users (mode {mode:04o}), which cannot be changed here; mount it with mode 0400 if you can"
    ]


@pytest.mark.parametrize("mode", [0o644, 0o440, 0o777])
@pytest.mark.parametrize("user", [0, 1000])
async def test_a_file_on_a_read_only_mount_is_used_with_a_concern(mounted, mode, user):
    source = mounted(mode=mode, user=user, is_read_only=True)

    assert await text_of(source) == TOKEN
    assert len(source.facts.concerns) == 1


@pytest.mark.parametrize(("mode", "user"), [(0o644, 0), (0o440, 0), (0o666, 1000), (0o660, 1000), (0o602, 1000)])
async def test_a_file_whose_mode_can_be_changed_or_that_others_may_write_is_refused(mounted, mode, user):
    with pytest.raises(ConfigError, match=r"is open to other users \(mode 0\d+\); run chmod 600 on it"):
        await mounted(mode=mode, user=user).token()


async def test_a_secret_as_kubernetes_mounts_it_is_followed_and_read_again(mounted, token_file, tmp_path):
    """A link to ..data/token, where ..data is a link that a new version replaces as a whole."""
    folder = tmp_path / "secret"
    for name, content in (("..1", "first-0123"), ("..2", "second-0123")):
        (folder / name).mkdir(parents=True)
        (folder / name / "token").write_text(content)
    (folder / "..data").symlink_to("..1")
    (folder / "token").symlink_to("..data/token")
    mounted(mode=0o600, is_read_only=True)
    source = FileToken(folder / "token")
    first = await text_of(source)

    (folder / "..new").symlink_to("..2")
    (folder / "..new").replace(folder / "..data")

    assert (first, await text_of(source)) == ("first-0123", "second-0123")


@pytest.mark.parametrize(("content", "count"), [("1234567", 1), ("Bearer x\n", 1), ("12345678", 0), ("demo", 0)])
async def test_a_token_too_short_to_be_kept_out_of_texts_is_a_concern(token_file, content, count):
    token_file.write_text(content)
    source = FileToken(token_file)

    await source.token()

    assert len(source.facts.concerns) == count
    assert not any("1234567" in str(concern) for concern in source.facts.concerns)


async def test_a_fifo_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "fifo", 0o600)

    with pytest.raises(ConfigError, match="is no regular file"):
        await FileToken(tmp_path / "fifo").token()


@pytest.mark.parametrize("path", ["/dev/zero", "/tmp"])
async def test_devices_and_folders_are_refused(path):
    with pytest.raises(ConfigError, match=f"token file {path} (is no regular file|cannot be read: is a directory)"):
        await FileToken(Path(path)).token()


async def test_a_missing_file_is_named_with_the_setting_that_named_it(tmp_path):
    with pytest.raises(
        ConfigError, match=r"gone cannot be read: no such file or directory; check profile prod: token_file"
    ):
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
    "spoil",
    [lambda path: path.write_text(""), Path.unlink, lambda path: path.chmod(0o644)],
    ids=["empty", "gone", "open"],
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
