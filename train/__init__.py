"""Finetune and sample GLIDE on a release."""
