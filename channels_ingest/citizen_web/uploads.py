"""The files of a form: examined at once, and held over a form that comes back with an error."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from channels_ingest import incoming
from channels_ingest.errors import MediaUnavailable
from channels_ingest.forms import MOST_FILES
from hotline.tickets import files
from hotline.tickets.errors import InvalidFields
from hotline.tickets.files import Examined

log = logging.getLogger(__name__)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that may be kept: its name and its bytes as they came (the place in a photo is read later)."""

    filename: str
    content: bytes
    examined: Examined


@dataclass(frozen=True, slots=True)
class Held:
    """A file held for the next attempt: `ticket` is the signed reference that the form carries."""

    filename: str
    ticket: str


@dataclass(slots=True)
class Gathered:
    """All files of a form, and a sentence for each that cannot be kept."""

    uploads: list[Upload] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


def gather(fresh: Iterable[UploadedFile[bytes]], held: Iterable[str], form: str) -> Gathered:
    """The files just sent, and those held under signed references of this `form`."""
    found = Gathered()
    kept, new = list(dict.fromkeys(held)), list(fresh)
    if len(kept) + len(new) > MOST_FILES:
        found.problems.append(_("At most %(most)d files can be sent.") % {"most": MOST_FILES})
    # Those beyond are not even looked at: looking is what costs.
    for signed in kept[:MOST_FILES]:
        _take_held(found, signed, form)
    for file in new[: max(0, MOST_FILES - len(kept))]:
        _take_fresh(found, file)
    return found


def _take_fresh(found: Gathered, file: UploadedFile[bytes]) -> None:
    name = (file.name or "")[-LONGEST_NAME:]
    content = file.read(settings.MAX_ATTACHMENT_BYTES + 1)
    try:
        found.uploads.append(Upload(name, content, files.examine(content)))
    except InvalidFields as problem:
        found.problems.append(f"{name}: {' '.join(problem.errors['file'])}")


def _take_held(found: Gathered, signed: str, form: str) -> None:
    try:
        data = signing.loads(signed, salt=_salt(form), max_age=24 * 3600)
        content = incoming.take(data["upload"])
    except (signing.BadSignature, MediaUnavailable):
        found.problems.append(_("A file was held too long. Please choose it again."))
        return
    found.references.append(data["upload"])
    found.uploads.append(Upload(data["filename"], content, files.examine(content)))


def hold(gathered: Gathered, form: str) -> list[Held]:
    """Hold the good files, so that nobody has to choose them twice."""
    held = []
    for upload in gathered.uploads:
        try:
            data = {"upload": incoming.put(upload.content), "filename": upload.filename}
        except OSError:  # the form tells which files it holds: this one must be chosen again
            log.exception("a file could not be held")
            continue
        held.append(Held(upload.filename, signing.dumps(data, salt=_salt(form))))
    drop(gathered)
    return held


def drop(gathered: Gathered) -> None:
    """Forget what was held: it is in the ticket, or held anew."""
    for reference in gathered.references:
        incoming.drop(reference)


def _salt(form: str) -> str:
    return f"citizen-upload:{form}"
