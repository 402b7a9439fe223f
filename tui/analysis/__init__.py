"""Pure readings of facts."""
