"""The app with a tenant and a token alone: painted before it is known where the API is, and marked by what the auth host says."""

import pytest

from tests.support.pty_app import PATIENCE_S, answer, row
from tui.simulator.app import create_app

TENANT_CALL = "/platform/tenants/"


@pytest.fixture
def alone(start, server, queue):
    """Starts the app without an address."""
    queue.put(101, answer(101, "SUCCESS"))

    def begin(*, until, **env):
        place = {"KIBO_API_HOST": None, "KIBO_AUTH_HOST": server.url, "KIBO_TENANT": "31014"}
        terminal = start(server.url, "101", env={**place, **env})
        terminal.wait_for(until, PATIENCE_S)
        return terminal

    return begin


@pytest.mark.parametrize("is_dev", [True, False])
def test_the_band_says_what_the_auth_host_says(alone, switch, queue, api, is_dev):
    switch.app = create_app(queue, faults=api, is_dev_tenant=is_dev)

    terminal = alone(until=row(101, "SUCCESS"))

    assert terminal.lines[0].startswith(f" {'' if is_dev else 'PRODUCTION '}127.0.0.1:")
    assert [TENANT_CALL in request.path for request in api.log] == [True] + [False] * (len(api.log) - 1)


def test_the_app_paints_before_the_auth_host_answers(alone, api):
    api.delay_s = 600.0

    terminal = alone(until="101")
    before = terminal.lines[0]

    assert before.startswith(" t31014 ")
    assert "PRODUCTION" not in before
    terminal.press("q")
    assert terminal.wait_exit(PATIENCE_S) == 0


@pytest.mark.parametrize("status", [500, 429])
def test_an_auth_host_that_fails_is_asked_again_without_a_key(alone, api, status):
    api.answer_next(status, retry_after="1", path_part=TENANT_CALL)

    terminal = alone(until=row(101, "SUCCESS"))

    assert terminal.lines[0].startswith(" 127.0.0.1:")


def test_a_token_that_the_auth_host_refuses_is_said(alone, api):
    api.answer_always(401, path_part=TENANT_CALL)

    alone(until="NOT AUTHORISED")

    assert not api.asked(101)


def test_what_a_person_should_know_is_said_once(alone, switch, queue, api):
    switch.app = create_app(queue, faults=api, tokens={"abc"})

    terminal = alone(until="holds 3 characters, too few for jobdeck", KIBO_ACCESS_TOKEN="abc")

    assert "KIBO_ACCESS_TOKEN" in terminal.lines[-2] + terminal.lines[-1]
