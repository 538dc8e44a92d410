"""One at a time, across processes and machines: PostgreSQL's advisory locks, by name."""

from django.db import connection


def wait_turn(name: str) -> None:
    """Hold `name` until the transaction ends; who asks for it meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [name])
