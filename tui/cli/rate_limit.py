"""The request budget of a command."""

from __future__ import annotations

from tui.monitor.polling_policy import RequestBudget, budget_of
from tui.settings import Settings

DEMO_BUDGET = RequestBudget(rate_per_s=10, burst=16, tokens=16)

"""The simulator is nobody else's: everything is asked as eagerly as it changes."""


def budget_for(settings: Settings) -> RequestBudget:
    """Return the budget that was configured, or the usual one."""
    if settings.max_per_min is not None:
        return budget_of(settings.max_per_min)
    return DEMO_BUDGET if settings.is_demo else RequestBudget()
