"""Deciding between the captions of a picture: what there is to decide, and what a decision writes."""
