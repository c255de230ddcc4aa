"""Looking at a set from the command line, and settling its conflicts."""
