"""Measure what a finetune changed, and how far each figure can be trusted."""
