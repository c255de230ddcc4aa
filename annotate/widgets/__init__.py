"""The widgets of the captioner, one a file."""
