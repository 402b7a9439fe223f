"""The request gate of a command."""

from __future__ import annotations

from tui.monitor.request_gate import RequestBudget, RequestGate, budget_of
from tui.settings.resolve import Settings

DEMO_BUDGET = RequestBudget(rate_per_s=10, burst=16, tokens=16)
"""No other client uses the simulator, so jobdeck polls it as fast as it changes."""


def gate_for(settings: Settings) -> RequestGate:
    """Return the gate of the process, with the configured budget or the default one."""
    if settings.max_per_min is not None:
        return RequestGate(budget_of(settings.max_per_min))
    return RequestGate(DEMO_BUDGET if settings.is_demo else None)
