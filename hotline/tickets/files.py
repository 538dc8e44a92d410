"""What was sent or handed in as evidence: looked at, cleaned and kept outside the static root.

A file is what its content says, never what its name says. Pictures are written anew, which drops
their EXIF and whatever hides behind the last pixel; the place a camera noted is read before.
"""

import hashlib
import io
import os
import secrets
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from hotline.people.models import Staff
from hotline.people.roles import HOTLINE_ROLES
from hotline.tickets import access, clock
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Attachment, Ticket

MOST_PIXELS = 50_000_000
_AT_ONCE = threading.BoundedSemaphore(2)
"""A few kilobytes unfold to some hundred megabytes: more pictures than these wait, whoever sent them."""
LARGEST_SIDE = 4096
PICTURES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}
VIDEOS = frozenset(b"isom iso2 iso4 iso5 iso6 mp41 mp42 avc1 M4V qt 3gp4 3gp5 3gp6".split())
"""Brands of moving pictures; HEIC and AVIF photos have the same shape and would keep their place inside."""
DOCUMENTS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SOUNDS = {
    b"#!AMR": ("audio/amr", ".amr"),
    b"OggS": ("audio/ogg", ".ogg"),
    b"ID3": ("audio/mpeg", ".mp3"),
    b"\xff\xfb": ("audio/mpeg", ".mp3"),
    b"\xff\xf3": ("audio/mpeg", ".mp3"),
}
UNPLAYABLE = frozenset({"audio/amr", "audio/speex"})
"""Voices that no browser plays; an MP3 is kept beside each."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept: what it really is, cleaned, with the place that a picture told."""

    content: bytes
    content_type: str
    suffix: str
    lat: float | None = None
    lng: float | None = None


def keep(
    ticket: Ticket, *, content: bytes, filename: str, purpose: str, by: Staff | None, hint: str = ""
) -> Attachment:
    """Keep a file of `ticket` and make its row.

    `hint` is the sender's content type, for sounds that have no signature. Raises InvalidFields for a
    file that is empty, too large, broken or of a kind that is not kept.
    """
    found = examine(content, hint=hint)
    key = _store(found)
    return Attachment.objects.create(
        ticket=ticket,
        key=key,
        sha256=hashlib.sha256(found.content).hexdigest(),
        content_type=found.content_type,
        size=len(found.content),
        filename=_tidy(filename),
        purpose=purpose,
        lat=found.lat,
        lng=found.lng,
        by=by,
        created_at=clock.now(),
    )


def rewrite(attachment: Attachment, content: bytes, purpose: str) -> None:
    """Keep other content of the same kind in a file's place: a copy in which more is hidden than before."""
    write_whole(path_of(attachment), content)
    attachment.sha256, attachment.size = hashlib.sha256(content).hexdigest(), len(content)
    attachment.purpose = purpose
    attachment.save(update_fields=["sha256", "size", "purpose"])


def keep_playable(attachment: Attachment, mp3: bytes) -> None:
    """Keep what a browser plays beside a voice that none plays."""
    write_whole(_playable(attachment), mp3)


def playable_path(attachment: Attachment) -> Path | None:
    """The MP3 beside a voice that no browser plays; None when the file plays by itself or could not be read."""
    if attachment.content_type not in UNPLAYABLE:
        return None
    path = _playable(attachment)
    return path if path.exists() else None


def _playable(attachment: Attachment) -> Path:
    return path_of(attachment).with_suffix(".mp3")


def may_open(staff: Staff, ticket: Ticket, attachment: Attachment) -> bool:
    """Whether `staff`, who may see the ticket, may open the file.

    Of a protected citizen's files only pictures are shown, which were written anew: a voice, a film with
    its sound, an identity card or a document with its author's name tells who asks. Sound in which no
    number could be hidden is the hotline's alone, and what was said at 回访 is not for units.
    """
    if attachment.purpose == Attachment.Purpose.FOLLOW_UP and not access.reads_follow_up(staff):
        return False
    if attachment.purpose == Attachment.Purpose.AS_SPOKEN and staff.role not in HOTLINE_ROLES:
        return False
    is_picture = attachment.content_type.startswith("image/")
    from_citizen = attachment.purpose == Attachment.Purpose.CITIZEN
    tells_who = attachment.purpose == Attachment.Purpose.IDENTITY or (from_citizen and not is_picture)
    is_voice = attachment.content_type.startswith("audio/")
    return not ((tells_who or is_voice) and access.hides_citizen(staff, ticket))


def path_of(attachment: Attachment) -> Path:
    """Where the file is; a key that leads outside MEDIA_ROOT is a programming error."""
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / attachment.key).resolve()
    if not path.is_relative_to(root):
        raise ValueError("key outside the media root")
    return path


# --- looking at it ------------------------------------------------------------------------------------


def examine(content: bytes, *, hint: str = "") -> Examined:
    """Find out what a file is by its content and clean it; raises InvalidFields with a sentence."""
    if not content:
        raise _refused(_("The file is empty."))
    if len(content) > settings.MAX_ATTACHMENT_BYTES:
        raise _refused(_("The file is too large."))
    examined = _sound(content, hint) or _picture(content) or _video(content) or _document(content)
    if examined is None:
        raise _refused(_("Only pictures, sound, video, PDF, Word and Excel files can be kept."))
    return examined


def _refused(sentence: str) -> InvalidFields:
    return InvalidFields({"file": [sentence]})


def _sound(content: bytes, hint: str) -> Examined | None:
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return Examined(content, "audio/wav", ".wav")
    for start, (content_type, suffix) in SOUNDS.items():
        if content.startswith(start):
            return Examined(content, content_type, suffix)
    if "speex" in hint:  # WeChat's speex has no signature of its own
        return Examined(content, "audio/speex", ".speex")
    return None


def _picture(content: bytes) -> Examined | None:
    try:
        with _AT_ONCE, Image.open(io.BytesIO(content)) as picture:
            kind = "JPEG" if picture.format == "MPO" else picture.format  # how many telephones write theirs
            if kind not in PICTURES:
                return None
            if picture.width * picture.height > MOST_PIXELS:
                raise _refused(_("The picture has too many pixels."))
            lat, lng = place_in(picture)
            content_type, suffix = PICTURES[kind]
            return Examined(_written_anew(picture, kind), content_type, suffix, lat, lng)
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused(_("The picture cannot be read.")) from error


def _written_anew(picture: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGB" if kind == "JPEG" else "RGBA")
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    upright.info.clear()  # comments, profiles, XMP: Pillow would write them again
    out = io.BytesIO()
    upright.save(out, format=kind, quality=88)
    return out.getvalue()


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


def _video(content: bytes) -> Examined | None:
    is_video = content[4:8] == b"ftyp" and content[8:12].strip() in VIDEOS
    return Examined(content, "video/mp4", ".mp4") if is_video else None


def _document(content: bytes) -> Examined | None:
    try:
        suffix = puremagic.from_string(content)
    except (puremagic.PureError, ValueError):
        return None
    return Examined(content, DOCUMENTS[suffix], suffix) if suffix in DOCUMENTS else None


# --- keeping it ---------------------------------------------------------------------------------------


def _store(found: Examined) -> str:
    """Write the file under a random key; its folder is a shard."""
    token = secrets.token_hex(16)
    key = f"{token[:2]}/{token}{found.suffix}"
    write_whole(Path(settings.MEDIA_ROOT) / key, found.content)
    return key


def write_whole(path: Path, content: bytes) -> None:
    """Write so that a crash leaves the file whole or absent, and once this returns, whole; OSError on a full disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:  # what a full disk cut short must not take up room for ever
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _tidy(filename: str) -> str:
    """The sender's name for the file, for people to read: no folders, no control characters, not too long."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isprintable())[-120:]
