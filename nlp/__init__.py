"""Plain Python language understanding: words or sound in, dataclasses out; no Django here."""
