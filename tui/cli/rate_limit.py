"""The request budget of a command."""

from __future__ import annotations

from tui.monitor.polling_policy import RequestBudget, budget_of
from tui.settings.resolve import Settings

DEMO_BUDGET = RequestBudget(rate_per_s=10, burst=16, tokens=16)
"""No other client uses the simulator, so jobdeck polls it as fast as it changes."""


def budget_for(settings: Settings) -> RequestBudget:
    """Return the configured budget, or the default one."""
    if settings.max_per_min is not None:
        return budget_of(settings.max_per_min)
    return DEMO_BUDGET if settings.is_demo else RequestBudget()
