"""Widgets: they get values and post messages, without access to the monitor or HTTP."""
