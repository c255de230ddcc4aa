"""What is to be said of a caption while it is written: remarks, never refusals. Knows nothing of widgets or stores."""
