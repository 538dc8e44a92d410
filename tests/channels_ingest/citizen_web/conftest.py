"""A citizen's browser without JavaScript, in English, and the pictures it sends."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import ExifTags, Image
from pytest_django import Settings

from tests.factories import Cast


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, settings: Settings) -> None:
    """No attempts counted before, no files kept before."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def browser(db: None) -> Client:
    """A browser that keeps cookies and sends the CSRF token as its forms do."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def photo(*, place: bool = True, filename: str = "lamp.jpg") -> BytesIO:
    """A small JPEG as a telephone takes it, with the place in its EXIF."""
    picture = Image.effect_noise((64, 48), 40).convert("RGB")
    exif = Image.Exif()
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N",
                ExifTags.GPS.GPSLatitude: (23.0, 7.0, 30.0),
                ExifTags.GPS.GPSLongitudeRef: "E",
                ExifTags.GPS.GPSLongitude: (113.0, 15.0, 0.0),
            }
        )
    file = BytesIO()
    picture.save(file, "JPEG", exif=exif)
    file.seek(0)
    file.name = filename
    return file


def words_of(page: bytes) -> str:
    """What a reader sees of a page: no tags, no attributes, one space between words."""
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page.decode())
    return " ".join(re.sub(r"(?s)<[^>]+>", " ", body).split())
