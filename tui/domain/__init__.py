"""The nouns: immutable values about jobs, their state and the connection. Imports core only."""
