"""Captions that a model wrote, kept apart from what people write."""
