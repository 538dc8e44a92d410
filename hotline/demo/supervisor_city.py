"""Run as a process of its own before the first page: the tables, and the demonstration city in them."""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def main() -> None:
    """Bring the tables up to date and fill an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from hotline.demo import city

    city.load()


if __name__ == "__main__":
    main()
