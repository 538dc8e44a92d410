"""Proof that the ledger is what it was: chains checked line by line, and a signed root over their heads each night."""
