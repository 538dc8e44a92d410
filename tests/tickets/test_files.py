"""What a file is by its content: telephones' own picture formats, and what only looks like a video."""

from io import BytesIO

import pytest
from PIL import Image

from hotline.tickets import files
from hotline.tickets.errors import InvalidFields
from tests.channels_ingest.citizen_web.conftest import photo


def test_a_telephones_double_picture_is_kept_as_one_without_its_place() -> None:
    double = BytesIO()
    with Image.open(photo()) as picture, Image.open(photo()) as preview:
        picture.save(double, "MPO", save_all=True, append_images=[preview], exif=picture.getexif())
    with Image.open(BytesIO(double.getvalue())) as as_it_came:
        assert as_it_came.format == "MPO"
    found = files.examine(double.getvalue())
    assert (found.content_type, found.suffix, found.lat, found.lng) == ("image/jpeg", ".jpg", 23.125, 113.25)
    with Image.open(BytesIO(found.content)) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (64, 48), {})


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"qt  ", b"3gp4", b"M4V "])
def test_videos_are_kept(brand: bytes) -> None:
    assert files.examine(b"\0\0\0\x18ftyp" + brand + b"\0" * 8).content_type == "video/mp4"


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"avif"])
def test_a_photo_in_a_videos_wrapping_is_refused_for_it_would_keep_its_place(brand: bytes) -> None:
    with pytest.raises(InvalidFields):
        files.examine(b"\0\0\0\x18ftyp" + brand + b"\0" * 8)
