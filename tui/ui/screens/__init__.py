"""Screens: they wire values to widgets and messages to the monitor."""
