"""The app of people: citizens, staff, departments and areas."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate  # noqa: TID251  Django has no other door here
from django.utils.translation import gettext_lazy as _

MIGRATIONS_WAIT = "5s"
"""For a table that others use. Who waits for it locked out makes everybody wait who comes after."""


class PeopleConfig(AppConfig):
    """Registers `hotline.people` under the label `people`."""

    name = "hotline.people"
    label = "people"
    verbose_name = _("People and places")

    def ready(self) -> None:
        """Migrations of all apps run between the two signals, on one connection."""
        pre_migrate.connect(_wait_briefly, sender=self)
        post_migrate.connect(_wait_as_before, sender=self)


def _wait_briefly(using: str, **_rest: Any) -> None:
    """An upgrade that cannot have a table gives up, and is started again, instead of stopping a running city."""
    with connections[using].cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [MIGRATIONS_WAIT])


def _wait_as_before(using: str, **_rest: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("reset lock_timeout")
