import os
import stat

import pytest

from tui.core.files import read_small_file


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
