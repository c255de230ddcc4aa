"""A folder with a caption file per picture, a git clone mostly, and the store: each brought up to the other."""
