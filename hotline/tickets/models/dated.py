"""Rows that count from one day to another, as rules, lists and catalogues do."""

from datetime import date

from django.db.models import Q


def counts_on(day: date) -> Q:
    """Of rows with `from_date` and `to_date` (None: until further notice) those in force that day, both included."""
    return Q(Q(to_date=None) | Q(to_date__gte=day), from_date__lte=day)
