"""Who captions what, and which pictures are held out."""
