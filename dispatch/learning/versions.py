"""Which version of a model is in use: promoting, rolling back, pinning; every change is a row that says who and why.

What was decided stands in those rows. The pointer on disk (nlp.modelstore), which all processes follow by
themselves, is moved when they are committed; one that could not be moved is shown, and moved by the next night.
"""

import logging
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import ModelChange, ModelVersion, Taught
from hotline.people.models import Staff
from hotline.tickets import clock
from hotline.tickets.alone import wait_turn
from hotline.tickets.errors import InvalidFields
from nlp import modelstore
from nlp.errors import ModelRefused

log = logging.getLogger(__name__)
KEPT = 5
"""Versions whose files are kept beside those that were ever in use and the one in use."""
EVER_USED_KEPT = 5
Act = ModelChange.Act


def folder_of(name: Taught) -> Path:
    """Where all versions of a model lie."""
    return Path(settings.MODEL_DIR) / "understanding" / name.value


def in_use(name: Taught) -> str:
    """The version in use; "" means as installed."""
    return modelstore.version_in_use(folder_of(name)) or ""


def decided(name: Taught) -> str:
    """The version that was last decided to be used; the one in use where nobody has decided yet."""
    change = _last_switch(name)
    return change.version if change else in_use(name)


def follow(name: Taught) -> bool:
    """Take into use what was decided; whether that is now so. Also mends what failed, or came out of a backup."""
    with transaction.atomic():
        _alone(name)  # or of two changes the earlier might come last
        change = _last_switch(name)
        if change is None:
            return True  # nobody has decided anything
        try:
            if not _is_used(name, change.version):
                modelstore.use(folder_of(name), change.version or None)
        except (ModelRefused, OSError):
            log.exception(
                "%s was decided to be used for %s, but cannot be", change.version or "the installed version", name
            )
            return False
    return True


def _last_switch(name: Taught) -> ModelChange | None:
    return ModelChange.objects.filter(name=name, act__in=[Act.PROMOTED, Act.ROLLED_BACK]).first()


def _is_used(name: Taught, version: str) -> bool:
    try:
        return in_use(name) == version
    except ModelRefused:
        return False  # a pointer that cannot be read is written anew


def pinned(name: Taught) -> ModelChange | None:
    """The pinning in force: nothing is promoted by itself until somebody sets the model free."""
    last = ModelChange.objects.filter(name=name, act__in=[Act.PINNED, Act.SET_FREE]).select_related("by").first()
    return last if last and last.act == Act.PINNED else None


def _alone(name: Taught) -> None:
    """One decision about a model at a time, until the transaction's end: what each says was in use before is true."""
    wait_turn(f"model-in-use:{name.value}")


@transaction.atomic
def promote_unless_pinned(name: Taught, version: str, *, why: str) -> ModelChange | None:
    """The night's own promotion; None where a person has pinned what is in use."""
    _alone(name)
    return None if pinned(name) else _switch(name, version, Act.PROMOTED, why, None)


@transaction.atomic
def promote(name: Taught, version: str, *, why: str, by: Staff | None = None) -> ModelChange:
    """Take a version into use by a supervisor's hand."""
    _alone(name)
    return _switch(name, version, Act.PROMOTED, why, by)


@transaction.atomic
def roll_back(name: Taught, *, why: str, by: Staff) -> ModelChange:
    """One step back to what was in use before the last change, and pinned there: the night would undo it."""
    _alone(name)
    now = decided(name)
    back = ModelChange.objects.filter(name=name, act=Act.PROMOTED, version=now).first()
    if back is None:
        raise InvalidFields({"version": [_("No other version was in use before this one.")]})
    change = _switch(name, back.before, Act.ROLLED_BACK, why, by)
    if pinned(name) is None:
        pin(name, why=why, by=by)
    return change


@transaction.atomic
def pin(name: Taught, *, why: str, by: Staff) -> ModelChange:
    """Keep what is in use until somebody sets it free."""
    _alone(name)
    if pinned(name):
        raise InvalidFields({"name": [_("This model is pinned already.")]})
    return _record(name, Act.PINNED, decided(name), decided(name), why, by)


@transaction.atomic
def set_free(name: Taught, *, why: str, by: Staff) -> ModelChange:
    """Let the night promote again."""
    _alone(name)
    if pinned(name) is None:
        raise InvalidFields({"name": [_("This model is not pinned.")]})
    return _record(name, Act.SET_FREE, decided(name), decided(name), why, by)


@transaction.atomic
def prune(name: Taught) -> None:
    """Delete the files of old challengers; what was in use lately can still be gone back to."""
    _alone(name)  # or a supervisor's choice of this moment would lose its files
    folder = folder_of(name)
    changes = ModelChange.objects.filter(name=name, act__in=[Act.PROMOTED, Act.ROLLED_BACK])[:EVER_USED_KEPT]
    newest = ModelVersion.objects.filter(name=name)[:KEPT].values_list("version", flat=True)
    keep = {in_use(name), *newest, *(version for change in changes for version in (change.before, change.version))}
    for version in modelstore.versions(folder):
        if version not in keep:
            modelstore.remove(folder, version)
    kept = modelstore.versions(folder)
    ModelVersion.objects.filter(name=name, discarded=False).exclude(version__in=kept).update(discarded=True)


def _switch(name: Taught, version: str, act: ModelChange.Act, why: str, by: Staff | None) -> ModelChange:
    before = decided(name)
    if version == before:
        before = in_use(name)  # decided before, but it could not be taken into use: it may be tried again
    if version == before:
        raise InvalidFields({"version": [_("This version is in use already.")]})
    try:
        modelstore.folder_of(folder_of(name), version or None)
    except ModelRefused as error:
        raise InvalidFields({"version": [_("The files of this version are not kept any more.")]}) from error
    change = _record(name, act, before, version, why, by)
    transaction.on_commit(partial(follow, name))
    return change


def _record(name: Taught, act: ModelChange.Act, before: str, version: str, why: str, by: Staff | None) -> ModelChange:
    if not why.strip():
        raise InvalidFields({"why": [_("Say why.")]})
    return ModelChange.objects.create(
        name=name, act=act, before=before, version=version, why=why.strip()[:300], by=by, at=clock.now()
    )
