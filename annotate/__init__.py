"""People: the terminal captioner and what a team needs around it."""
