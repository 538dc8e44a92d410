"""Rows of the past, written in memory and put into the database at once."""

from collections.abc import Iterator
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from hotline.tickets.models import Assignment, LedgerEntry, Message, Ticket
from hotline.tickets.models import (
    ExtensionRequest,
    FollowUp,
    Rating,
    ReturnRequest,
    Supervision,
    Suspension,
)

M = TypeVar("M", bound=Model)
ORDER: tuple[type[Model], ...] = (
    Ticket,
    Message,
    Assignment,
    ReturnRequest,
    ExtensionRequest,
    Suspension,
    Supervision,
    FollowUp,
    Rating,
    LedgerEntry,
)
"""What is written, what others point to first."""
BLOCK = 500


class Book:
    """Keeps rows until `write`; a row's key is given out at once, so that others can name it."""

    def __init__(self) -> None:
        self._rows: dict[type[Model], list[Model]] = {model: [] for model in ORDER}
        self._keys = {model: _keys(model) for model in ORDER}

    def add(self, row: M) -> M:
        """Keep a new row and give it its key."""
        row.pk = next(self._keys[type(row)])
        self._rows[type(row)].append(row)
        return row

    def write(self) -> None:
        """Everything into the database."""
        for model, rows in self._rows.items():
            model._default_manager.bulk_create(rows, batch_size=BLOCK)


def _keys(model: type[Model]) -> Iterator[int]:
    """Keys from the table's own sequence, fetched by the block."""
    query = "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)"
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [model._meta.db_table, BLOCK])
            block = [int(key) for (key,) in cursor.fetchall()]
        yield from block
