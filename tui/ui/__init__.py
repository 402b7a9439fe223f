"""The terminal app: screens and widgets over the monitor's snapshots. The only package that imports textual."""
