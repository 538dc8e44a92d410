"""Live recognition in worker processes."""
