"""Markets to simulate, each with a question at its head, and what makes the figures of one."""
