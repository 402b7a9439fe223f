"""The command line: reads words and settings, builds things, picks a front end. Holds no rule about jobs."""
