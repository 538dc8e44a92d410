"""`hotline simulate`: real traffic in true wire formats against a running server, and what was lost of it."""
