"""Work in a thread of ours that asks the database: it finds no dead connection, and leaves none behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections


@contextmanager
def own_connection() -> Iterator[None]:
    """For a block or a function (`@own_connection()`) that runs outside Django's requests and jobs."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()
