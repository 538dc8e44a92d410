"""Stand-ins for the outside: each speaks the real protocol and remembers what was said."""
