"""The production processes as commands."""
