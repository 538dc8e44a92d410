"""考核: counting what the ledger tells, day by day and unit by unit, and the rates, index and estimates made of it."""
