"""A simulated job queue API for the demo and for tests. Independent of the client's code."""
