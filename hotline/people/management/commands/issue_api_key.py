"""`manage.py issue_api_key NAME --scope …`: make a key for another system and show it, once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hotline.people import apikeys
from hotline.people.models import ApiKey


class Command(BaseCommand):
    """Make a key; only its SHA-256 is kept."""

    help = "Make an API key for another system and print it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The system's name and what it may do."""
        parser.add_argument("name")
        parser.add_argument("--scope", action="append", choices=ApiKey.Scope.values, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the key to stdout and nothing else, so that it can be piped into a secret store."""
        _row, plain = apikeys.issue(name=options["name"], scopes=options["scope"])
        self.stdout.write(plain)
