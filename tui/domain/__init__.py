"""Immutable values: jobs, their state and the connection. Imports core only."""
