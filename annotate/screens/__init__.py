"""The screens of the captioner, one a file."""
