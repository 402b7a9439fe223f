"""The command line: parses arguments and settings, builds the client and runs a front end."""
