"""The settings of one run: option > environment > profile > default. Pure."""
