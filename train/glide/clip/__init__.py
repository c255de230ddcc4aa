"""The noised CLIP, which judges noisy pictures, and guidance by it."""
