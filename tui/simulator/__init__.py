"""The other side of the wire: a job queue server for the demo and for tests. Knows the clock, and no model of the
client.
"""
