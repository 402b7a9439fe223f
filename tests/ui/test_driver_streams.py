import io

import pytest

from tui.ui.terminal.driver import keep_cells


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("a─b", b"a?b", id="one cell"),
        pytest.param("a日b", b"a??b", id="two cells"),
        pytest.param("a日─本b", b"a?????b", id="several in a row"),
        pytest.param("e\u0301b", b"eb", id="no cell of its own"),
    ],
)
def test_character_that_the_encoding_lacks_becomes_a_question_mark_a_cell(text, written):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    keep_cells(stream)

    stream.write(text)
    stream.flush()

    assert stream.buffer.getvalue() == written
