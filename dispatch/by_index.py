"""Searches that PostgreSQL's planner would make by reading every row, made by their index."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def by_index() -> Iterator[None]:
    """Inside, rows are found by an index: the planner holds a band for thousands of times more common than any is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        yield
        cursor.execute("set local enable_seqscan to default")
