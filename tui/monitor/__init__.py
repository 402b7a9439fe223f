"""What is known of each job, and when to ask again. Knows no terminal, no HTTP and no printing."""
