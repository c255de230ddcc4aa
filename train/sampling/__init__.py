"""`train sample` and `train repaint`: captions and prompts painted by two models, with a manifest that says how."""
