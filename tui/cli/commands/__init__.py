"""The commands of `jobdeck`, one module each."""
