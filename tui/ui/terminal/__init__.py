"""Everything that touches the terminal or a private name of Textual."""
