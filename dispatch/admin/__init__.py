"""Editing what dispatching goes by, without code: catalogue, limits, calendar, orders, checks, figures."""

from dispatch.admin import automatic, calendar, changes, danger, duties, jobs, rules, scoring

__all__ = ["automatic", "calendar", "changes", "danger", "duties", "jobs", "rules", "scoring"]
