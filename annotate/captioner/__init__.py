"""The captioner for the terminal, without its screens: state, the one thread on the store, ways in and out."""
