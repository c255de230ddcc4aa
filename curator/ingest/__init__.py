"""Reading folders of pictures and captions into a workspace: honest about pixels, careful with personal data."""
