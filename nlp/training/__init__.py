"""Data in, model out: reading tables, training, calibrating, measuring, and the card that says how good."""
