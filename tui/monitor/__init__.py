"""The state of each watched job and the plan of its next poll. Independent of the terminal and of HTTP."""
