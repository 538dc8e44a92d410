"""What the migrations wrote (rule packs, figures, closed lists …), kept aside and brought back to emptied tables."""

from django.db import connection, transaction
from psycopg import sql

ASIDE = "migrated"
"""The schema of the copies."""
NOT_OURS = ("auth_", "django_")
"""Of content types and permissions: Django itself writes those again after it has emptied the tables."""


def keep() -> None:
    """Copy every table that holds something after the migrations."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("drop schema if exists {0} cascade; create schema {0}").format(sql.Identifier(ASIDE)))
        for name in _tables():
            table, aside = sql.Identifier(name), sql.Identifier(ASIDE, name)
            cursor.execute(sql.SQL("select exists (select from {})").format(table))
            if cursor.fetchone()[0]:
                cursor.execute(sql.SQL("create table {} as table {}").format(aside, table))


def bring_back() -> None:
    """Write all rows again, with the keys that they had; foreign keys are looked at when all are there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = %s order by 1", [ASIDE])
        for (name,) in cursor.fetchall():
            table, aside = sql.Identifier(name), sql.Identifier(ASIDE, name)
            cursor.execute(sql.SQL("insert into {} table {}").format(table, aside))


def _tables() -> list[str]:
    """Those that Django empties."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(name for name in names if not name.startswith(NOT_OURS))
