"""How much of the long tests runs: a sample each time, and all of it under ``.ci/run --full``."""

import os

IS_FULL = bool(os.environ.get("JOBDECK_FULL"))


def sized(sample: int, full: int) -> int:
    """Return the size of a test that shows the same thing at either size, the larger one more surely."""
    return full if IS_FULL else sample
