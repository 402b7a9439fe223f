"""Facts that outlive the process. Knows no screen and no server."""
