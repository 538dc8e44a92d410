"""What was sent: looked at, cleaned and kept outside the static root under a key nobody can guess."""

import hashlib
import io
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from channels_ingest.errors import ChannelError
from channels_ingest.messages import MediaKind

MOST_PIXELS = 50_000_000
IMAGE_FORMATS = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "WEBP": ("image/webp", ".webp"),
}
LARGEST_SIDE = 4096
MEGABYTE = 1024 * 1024
CAPS: dict[MediaKind, int] = {"image": 10 * MEGABYTE, "voice": 10 * MEGABYTE, "video": 20 * MEGABYTE}
DOCUMENTS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
VOICES = {
    b"#!AMR": ("audio/amr", ".amr"),
    b"RIFF": ("audio/wav", ".wav"),
    b"OggS": ("audio/ogg", ".ogg"),
    b"ID3": ("audio/mpeg", ".mp3"),
    b"\xff\xfb": ("audio/mpeg", ".mp3"),
    b"\xff\xf3": ("audio/mpeg", ".mp3"),
}


class MediaRefused(ChannelError):
    """The file is not kept; the message is a sentence for the one who sent it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept: what it really is, cleaned, with the place that a picture told."""

    kind: MediaKind
    content: bytes
    content_type: str
    suffix: str
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on disk: its key below MEDIA_ROOT, its fingerprint and size."""

    key: str
    sha256: str
    size: int


def examine(content: bytes, *, hint: str = "") -> Examined:
    """Find out what a file is by its content, never by its name; raises MediaRefused with a sentence."""
    if not content:
        raise MediaRefused(_("The file is empty."))
    if len(content) > min(max(CAPS.values()), settings.MAX_ATTACHMENT_BYTES * 2):
        raise MediaRefused(_("The file is too large."))
    examined = _voice(content, hint) or _image(content) or _video_or_document(content)
    if examined is None:
        raise MediaRefused(_("Only pictures, sound, video, PDF, Word and Excel files can be kept."))
    if len(content) > CAPS.get(examined.kind, settings.MAX_ATTACHMENT_BYTES):
        raise MediaRefused(_("The file is too large."))
    return examined


def _voice(content: bytes, hint: str) -> Examined | None:
    for start, (content_type, suffix) in VOICES.items():
        if content.startswith(start) and (start != b"RIFF" or content[8:12] == b"WAVE"):
            return Examined("voice", content, content_type, suffix)
    if "speex" in hint:  # WeChat's speex has no signature of its own
        return Examined("voice", content, "audio/speex", ".speex")
    return None


def _image(content: bytes) -> Examined | None:
    """Re-encode, which drops EXIF and anything hidden behind the picture; the place is read before."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.format not in IMAGE_FORMATS:
                return None
            if picture.width * picture.height > MOST_PIXELS:
                raise MediaRefused(_("The picture has too many pixels."))
            lat, lng = place_in(picture)
            content_type, suffix = IMAGE_FORMATS[picture.format]
            clean = ImageOps.exif_transpose(picture)
            clean.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            out = io.BytesIO()
            # Comments and other extras travel in `info`; of them only the transparent colour is kept.
            clean.info = {name: value for name, value in clean.info.items() if name == "transparency"}
            clean.save(out, format=picture.format, quality=88)
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaRefused(_("The picture cannot be read.")) from error
    return Examined("image", out.getvalue(), content_type, suffix, lat, lng)


def place_in(picture: Image.Image) -> tuple[float | None, float | None]:
    """The GPS position that a camera wrote, or (None, None)."""
    gps = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef] == "S")
        lng = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    on_earth = -90 <= lat <= 90 and -180 <= lng <= 180 and (lat, lng) != (0.0, 0.0)
    return (lat, lng) if on_earth else (None, None)


def _degrees(parts: tuple[float, float, float], negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 6)
    return -value if negative else value


def _video_or_document(content: bytes) -> Examined | None:
    if content[4:8] == b"ftyp":
        return Examined("video", content, "video/mp4", ".mp4")
    try:
        suffix = puremagic.from_string(content)
    except (puremagic.PureError, ValueError):
        return None
    return Examined("file", content, DOCUMENTS[suffix], suffix) if suffix in DOCUMENTS else None


def keep(examined: Examined) -> Kept:
    """Write the file so that a crash leaves it whole or absent, under a random key."""
    token = secrets.token_hex(16)
    key = f"{token[:2]}/{token}{examined.suffix}"
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(examined.content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
    return Kept(key, hashlib.sha256(examined.content).hexdigest(), len(examined.content))


def path_of(key: str) -> Path:
    """Where a key's file is; a key that leads outside MEDIA_ROOT is a programming error."""
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / key).resolve()
    if not path.is_relative_to(root):
        raise ValueError("key outside the media root")
    return path


def read(key: str) -> bytes:
    """The bytes of a kept file."""
    return path_of(key).read_bytes()
