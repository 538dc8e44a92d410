"""Editing what dispatching goes by, without code: catalogue, limits, calendar, orders, checks, figures."""

from dispatch.admin import calendar, changes, direct, duties, rules, scoring

__all__ = ["calendar", "changes", "direct", "duties", "rules", "scoring"]
