"""Telephone calls as data: call-backs, tokens, the interface about calls."""
