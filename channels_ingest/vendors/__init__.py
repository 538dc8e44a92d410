"""The vendors' own interfaces, each behind a small client; adapters call them, nobody else."""
