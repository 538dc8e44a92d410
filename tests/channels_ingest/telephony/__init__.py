"""Telephony: calls from the exchange's wire to a kept recording."""
