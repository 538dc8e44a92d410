"""What the verbs ask of the rules (hotline.tickets.rulebook), answered from the city's data."""
