"""The terminal app: screens and widgets over the monitor's snapshots. The only package that imports textual."""

import os

# Textual paints at this rate, and a key right after a paint waits for up to two frames: 33 ms at its default of 60 per
# second, 8 ms at 240. Textual reads the variable on import. It paints nothing while nothing changes.
os.environ.setdefault("TEXTUAL_FPS", "240")
