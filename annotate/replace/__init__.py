"""Find and replace in many captions, with a preview and a way back."""
