"""Words, durations and columns: computed once, used by the app and the scripts. Pure."""
