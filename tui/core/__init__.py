"""The lowest layer: clock, text, files, job ids. Imports nothing of jobdeck but itself."""
