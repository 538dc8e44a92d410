"""Where the sound of a call is, as it was, with every number that is said in it."""

from pathlib import Path

from django.conf import settings

from hotline.calls.models import PhoneCall


def path_of(call: PhoneCall) -> Path | None:
    """The recording; None when there is none, or none any more."""
    if not call.recording or call.sound_deleted_at:
        return None
    root = (Path(settings.MEDIA_ROOT) / "recordings").resolve()
    path = (root / call.recording).resolve()
    if not path.is_relative_to(root):
        raise ValueError("recording outside its folder")
    return path if path.exists() else None
