"""Commands of the demonstration, each a module with `add_arguments` and `run`."""
