"""Run as a process of its own before the first page: tables, models of understanding, demonstration city."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command

from hotline.demo import city, processes


def main() -> int:
    """Bring tables and models up to date, one beside the other, then fill an empty database with the city."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    models = processes.spawn([sys.executable, "-m", "hotline.demo.supervisor_models"])
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if models.wait() != 0:  # the city's tickets carry suggestions, so it needs them
        return 1
    city.load()
    return 0


if __name__ == "__main__":
    sys.exit(main())
