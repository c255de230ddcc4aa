"""How far the team is and how fast, and sessions with a time limit."""
