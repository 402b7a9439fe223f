"""The commands of `jobdeck`, a module each; and their names with the line that --help shows for them."""

COMMANDS = {
    "completion": "Print the completion script of a shell.",
    "config": "Write a profile, show settings and file locations.",
    "doctor": "Check configuration, network, token and terminal.",
    "find": "List the jobs that match and exit.",
    "get": "Read each job once and exit.",
    "history": "Show what jobdeck saw of past jobs.",
    "simulate": "Run the simulator as a local HTTP server.",
    "wait": "Wait until every job has ended, then print the result.",
    "watch": "Print a line for each change until every job has ended.",
    "why": "Group what went wrong by cause and exit.",
}
"""Here, because --help imports no command: each takes longer than the help. The module has the name of the command."""
