"""A small hotline to break into, with no attempts counted before and a media folder of its own."""

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.factories import Cast


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, settings: Settings) -> None:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of a small hotline."""
    return Cast()
