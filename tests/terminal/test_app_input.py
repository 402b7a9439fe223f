"""How jobs get on the list: typed, pasted, in one burst, or kept from the last time."""

import pytest

from tests.support.pty_app import PATIENCE_S, answer, input_of, is_in, is_listed, row, understood


@pytest.fixture
def terminal(jobdeck, queue):
    for job_id in (100, 101, 102, 103, 104, 884213, 884214, 884215):
        queue.put(job_id, answer(job_id))
    return jobdeck("100", until=row(100, "PENDING"))


def test_empty_start_waits_in_the_input(jobdeck):
    terminal = jobdeck(until="No jobs yet.")

    terminal.wait_for(is_in("input"), PATIENCE_S)


def test_typed_ids_are_watched(terminal):
    terminal.press("a")
    terminal.wait_for(is_in("input"), PATIENCE_S)
    terminal.type("101")
    terminal.press("enter")

    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)
    assert is_in("jobs")(terminal)


def test_burst_arrives_completely(terminal):
    terminal.send(b"a101,102\r")

    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)
    terminal.wait_for(row(102, "PENDING"), PATIENCE_S)


def test_keys_behind_a_burst_are_carried_out_after_it(terminal):
    terminal.send(b"a101,102\ra103-104\rGp")

    terminal.wait_for("PAUSED", PATIENCE_S)
    terminal.wait_for(lambda it: all(is_listed(job_id)(it) for job_id in (101, 102, 103, 104)), PATIENCE_S)


def test_row_31_long_paste_without_brackets_is_taken_in_and_enter_behind_it_adds_it(terminal):
    """One letter at a time, 15 kB took a minute."""
    terminal.send(b"a" + ",".join(map(str, range(1000, 4001))).encode())
    terminal.wait_for("3,001 jobs: enter adds", PATIENCE_S)

    terminal.send(b"\x7f" * 5 + b",101\r")

    terminal.wait_for(lambda it: " 3,002 jobs ━" in it.text and is_in("jobs")(it), PATIENCE_S)


VERDICTS = {
    "101-104": "4 jobs: enter adds",
    "100,101": "2 jobs, 1 already watched: enter adds",
    "job id: 884213 failed": "1 job found in the text: enter adds",
    "1O1": "'1O1' is no job id",
    "101, x": "'x' is no job id",
    "104-101": "104-101",
}


def test_input_says_at_once_what_it_understood(terminal):
    terminal.send(b"a")

    for text, verdict in VERDICTS.items():
        terminal.type(text)
        terminal.wait_for(lambda it, verdict=verdict: verdict in understood(it), PATIENCE_S)
        terminal.send(b"\x7f" * len(text))
        terminal.wait_for(lambda it, verdict=verdict: verdict not in understood(it), PATIENCE_S)


def test_wrong_input_is_kept_for_mending(terminal):
    terminal.send(b"a10x\r")
    terminal.wait_for(lambda it: "is no job id" in understood(it), PATIENCE_S)

    terminal.send(b"\x7f1\r")

    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)


@pytest.mark.parametrize("part", ["1", "2", "3", "4"], ids=["input", "jobs", "detail", "deck"])
def test_paste_anywhere_goes_to_the_input(terminal, part):
    terminal.press(part)

    terminal.paste(
        "Dear all,\nsee https://x.example/api/commerce/inventory/v1/queue/884213\n\nand /queue/884214.\r\nYours"
    )
    terminal.wait_for("2 jobs found in the text: enter adds", PATIENCE_S)
    terminal.press("enter")

    terminal.wait_for(row(884213, "PENDING"), PATIENCE_S)
    terminal.wait_for(row(884214, "PENDING"), PATIENCE_S)


PASTES = {
    "jobid: 884213 message: UPC 0012345678905 not found": ("884213", "1 job found in the text: enter adds"),
    "tenantID 30294 jobID 884213 items 3000": ("884213", "2 numbers skipped: tenantID 30294"),
    "job 884213 file KIBO_REFRESH_261129173133_884213.csv": ("884213", "1 job found in the text: enter adds"),
    "these jobs look stuck: 884213 884214 884215": ("884213-884215", "3 jobs found in the text: enter adds"),
    "job 884,213 failed": ("884213", "1 job found in the text: enter adds"),
    "tenantID,jobID,itemCount\n30294,884213,3000\n30294,884214,3012\n": (
        "884213,884214",
        "2 numbers skipped: tenantID 30294",
    ),
    '"tenantID","jobID"\n"30294","884213"\n"30294","884215"\n': ("884213,884215", "1 number skipped: tenantID 30294"),
    "102\N{EM DASH}104": ("102-104", "3 jobs, range 102-104: enter adds"),
    '{"method": "async", "tenantID": 30294, "jobID": "884213"}': ("884213", "1 number skipped: tenantID 30294"),
}


def test_a_paste_gives_the_jobs_of_the_text_and_says_what_it_skips(terminal):
    for text, (value, verdict) in PASTES.items():
        terminal.paste(text)
        terminal.wait_for(lambda it, value=value: input_of(it) == value, PATIENCE_S)
        terminal.wait_for(lambda it, verdict=verdict: verdict in understood(it), PATIENCE_S)
        terminal.send(b"\x7f" * len(value))
        terminal.wait_for(lambda it, verdict=verdict: verdict not in understood(it), PATIENCE_S)


def test_a_letter_before_the_ids_of_an_empty_start_is_dropped(jobdeck, queue):
    for job_id in (201, 202, 203):
        queue.put(job_id, answer(job_id))
    terminal = jobdeck(until="Recent jobs of the tenant")

    terminal.send(b"a201-203\r")

    for job_id in (201, 202, 203):
        terminal.wait_for(row(job_id, "PENDING"), PATIENCE_S)


def test_the_jobs_of_a_file_that_is_typed_are_watched(terminal, queue):
    for job_id in (101, 102):
        queue.put(job_id, answer(job_id) | {"originalFilename": "inv_0930.csv"})

    terminal.send(b"ainv_0930.csv")
    terminal.wait_for("file inv_0930.csv: enter watches its jobs", PATIENCE_S)
    terminal.press("enter")

    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)
    terminal.wait_for(row(102, "PENDING"), PATIENCE_S)
    assert not is_listed(103)(terminal)


def test_pasted_column_of_ids_is_read_whole(terminal):
    terminal.paste("101\n102\n103\n104\n")
    terminal.wait_for("4 jobs: enter adds", PATIENCE_S)
    terminal.press("enter")

    for job_id in (101, 102, 103, 104):
        terminal.wait_for(row(job_id, "PENDING"), PATIENCE_S)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CR LF"])
def test_lines_that_another_program_types_are_separate_ids(terminal, end):
    terminal.send(end.join((b"102", b"103", b"")))

    terminal.wait_for(row(103, "PENDING"), PATIENCE_S)
    terminal.wait_for(row(102, "PENDING"), PATIENCE_S)


def test_pasted_line_breaks_press_no_key(terminal):
    terminal.paste("q\nx\nR\n")

    terminal.wait_for(lambda it: "is no job id" in understood(it), PATIENCE_S)
    assert is_listed(100)(terminal)


def test_up_brings_back_earlier_input(terminal):
    terminal.send(b"a101\r")
    terminal.wait_for(row(101, "PENDING"), PATIENCE_S)

    terminal.send(b"a")
    terminal.press("up")

    terminal.wait_for(lambda it: input_of(it) == "101", PATIENCE_S)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("way", ["typed", "pasted"])
def test_a_file_name_alone_is_watched_in_one_step_by_an_app_without_jobs(jobdeck, queue, size, way):
    for job_id, file in ((101, "inv_0930.csv"), (102, "inv_0930.csv"), (103, "other.csv")):
        queue.put(job_id, answer(job_id) | {"originalFilename": file})
    terminal = jobdeck(until=is_listed(103), size=size)

    if way == "typed":
        terminal.type("inv_0930.csv")
    else:
        terminal.paste("inv_0930.csv\n")
    terminal.wait_for("file inv_0930.csv: enter watches its jobs", PATIENCE_S)
    terminal.press("enter")

    terminal.wait_for(lambda it: "Recent jobs" not in it.text and "0/2 ended" in it.text, PATIENCE_S)
    queue.put(104, answer(104) | {"originalFilename": "inv_0930.csv"})
    terminal.wait_for("0/3 ended", PATIENCE_S)
    assert not is_listed(103)(terminal)
