import os
import stat
import time

import pytest

from tui.core.files import append_private, read_small_file, replace_file


def take(_found):
    """Find nothing wrong."""


@pytest.mark.parametrize(
    ("content", "read"), [(b"", b""), (b"1234", b"1234"), (b"12345", b"12345"), (b"123456", b"12345")]
)
def test_a_larger_file_shows_by_one_byte_more(tmp_path, content, read):
    (tmp_path / "file").write_bytes(content)

    assert read_small_file(tmp_path / "file", take, most=4) == read


def test_a_fifo_is_judged_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    seen = []

    def refuse(found):
        seen.append(found)
        raise ValueError("no file")

    with pytest.raises(ValueError, match="no file"):
        read_small_file(tmp_path / "pipe", refuse, most=4)

    assert stat.S_ISFIFO(seen[0].st_mode)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="only Linux tells what is open")  # noqa: PTH112
def test_nothing_stays_open(tmp_path):
    (tmp_path / "file").touch()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    read_small_file(tmp_path / "file", take, most=4)

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize(("more", "kept"), [(b"12345", b"1234512345"), (b"123456", b"123456")])
def test_a_file_that_would_be_too_large_begins_again(tmp_path, more, kept):
    path = tmp_path / "log"
    append_private(path, b"12345", most=10)

    append_private(path, more, most=10)

    assert path.read_bytes() == kept
    assert path.with_name("log.1").exists() is (kept == more)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_can_read_is_made_private(tmp_path):
    path = tmp_path / "log"
    path.touch(0o644)
    path.chmod(0o644)

    append_private(path, b"x", most=10)

    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["link", "second name", "FIFO"])
def test_nothing_but_a_file_of_ours_alone_is_written_to(tmp_path, kind):
    path, other = tmp_path / "log", tmp_path / "other"
    other.write_bytes(b"")
    match kind:
        case "link":
            path.symlink_to(other)
        case "second name":
            path.hardlink_to(other)
        case _:
            os.mkfifo(path)

    with pytest.raises(OSError, match="log"):
        append_private(path, b"x", most=10)

    assert other.read_bytes() == b""


@pytest.mark.parametrize(
    ("name", "age_s", "is_removed"),
    [
        (".list-abcd_123", 90, True),
        (".list-abcd_123", 30, False),
        (".list-abcd_1234", 90, False),
        (".other-abcd_123", 90, False),
        ("xlist-abcd_123", 90, False),
    ],
)
def test_only_old_files_of_killed_writers_are_removed(tmp_path, name, age_s, is_removed):
    left = tmp_path / name
    left.touch()
    os.utime(left, (time.time() - age_s,) * 2)

    replace_file(tmp_path / "list.json", b"new")

    assert (tmp_path / "list.json").read_bytes() == b"new"
    assert left.exists() is not is_removed
