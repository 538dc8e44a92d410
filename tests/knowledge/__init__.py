"""The knowledge base: its editions, its search, who may read what."""
