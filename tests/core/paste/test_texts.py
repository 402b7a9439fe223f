"""What people paste, and what it means: a text that is read wrongly becomes a row of `texts`."""

import pytest

from tests.core.paste import texts
from tui.api.failed_uploads import failed_upload
from tui.core.paste import extract_ids
from tui.domain.errors import BadAnswer, Unauthorised


def test_there_are_enough_texts():
    assert len(texts.TAKEN) >= 75
    assert len(texts.NOTHING) >= 75


@pytest.mark.parametrize("name", texts.TAKEN)
def test_the_ids_of_a_text_are_taken_and_nothing_else(name):
    text, job_ids = texts.TAKEN[name]

    understood = extract_ids(text)

    assert list(understood.job_ids) == job_ids
    assert (understood.problem, understood.error, understood.without_job) == (None, None, 0)


@pytest.mark.parametrize("name", texts.NOTHING)
def test_a_text_without_ids_has_a_problem(name):
    understood = extract_ids(texts.NOTHING[name])

    assert understood.job_ids == ()
    assert understood.problem is not None
    assert (understood.done_at_once, understood.without_job, understood.error, understood.file_pattern) == (
        0,
        0,
        None,
        None,
    )


@pytest.mark.parametrize("name", texts.SYNC)
def test_work_that_was_done_at_once_has_no_job(name):
    understood = extract_ids(texts.SYNC[name])

    assert understood.done_at_once >= 1
    assert (understood.job_ids, understood.without_job, understood.error, understood.problem) == ((), 0, None, None)


@pytest.mark.parametrize("name", texts.NO_JOB)
def test_an_answer_without_a_job_is_no_success(name):
    understood = extract_ids(texts.NO_JOB[name])

    assert understood.without_job >= 1
    assert (understood.job_ids, understood.error, understood.problem) == ((), None, None)


@pytest.mark.parametrize("name", texts.ERRORS)
def test_an_error_is_the_servers_words(name):
    text, words, is_unauthorised = texts.ERRORS[name]

    understood = extract_ids(text)
    error = failed_upload(understood.error)

    assert words in error.message
    assert type(error) is (Unauthorised if is_unauthorised else BadAnswer)
    assert (understood.job_ids, understood.done_at_once, understood.problem) == ((), 0, None)


@pytest.mark.parametrize("text", texts.FILES)
def test_one_word_that_can_only_be_a_file_is_one(text):
    understood = extract_ids(text)

    assert understood.file_pattern == texts.FILES[text]
    assert (understood.job_ids, understood.problem) == ((), None)


@pytest.mark.parametrize("text", texts.NO_FILES)
def test_any_other_word_is_no_file(text):
    assert extract_ids(text).file_pattern is None


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_the_ends_of_lines_make_no_difference(end):
    read = {
        name: extract_ids(text.replace("\r\n", "\n").replace("\n", end)).job_ids
        for name, (text, _) in texts.TAKEN.items()
    }

    assert read == {name: tuple(job_ids) for name, (_, job_ids) in texts.TAKEN.items()}
