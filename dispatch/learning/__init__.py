"""The learning loop: what people decided teaches the models; a new one is used only when it is better."""
