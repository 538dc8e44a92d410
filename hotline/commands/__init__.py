"""The production processes as commands."""

import os


def start_django() -> None:
    """Load the settings and the apps; a command imports what needs them only afterwards."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
