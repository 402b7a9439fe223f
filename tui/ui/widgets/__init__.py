"""Widgets: they get values and post messages; they know no monitor and no HTTP."""
