"""The lowest layer: clock, text, files, job ids. Imports no other package of jobdeck."""
