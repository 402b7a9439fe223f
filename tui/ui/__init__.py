"""The terminal app: screens and widgets over the monitor's snapshots. The only package that imports textual."""

import os

# Textual paints in steps of this clock, and a key that comes just behind a paint waits up to two of them: 33 ms of its
# 60 steps a second,
# 8 ms of 240. It reads this when it is imported. The clock stands still while there is nothing to paint.
os.environ.setdefault("TEXTUAL_FPS", "240")
