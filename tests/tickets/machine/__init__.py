"""What the state-machine test is made of: a small city, what people may try, and what must always be true."""
