"""The front end of scripts and pipes. Imports no textual, and prints nothing itself."""
