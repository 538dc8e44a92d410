"""Commands of the speech part, each a module with `add_arguments` and `run`."""
