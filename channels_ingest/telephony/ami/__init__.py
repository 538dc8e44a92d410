"""The exchange's manager interface (AMI): events from Asterisk, and orders to it."""
