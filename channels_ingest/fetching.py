"""Files from the vendor into the ticket, and voice into text: what the jobs of tasks.py do."""

import logging

from django.conf import settings
from django.utils.translation import gettext as _

from channels_ingest import attachments, inbox, incoming, registry
from channels_ingest.errors import MediaUnavailable
from channels_ingest.models import InboundMessage
from hotline.tickets import files, lifecycle
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Attachment, Message
from nlp import speech

log = logging.getLogger(__name__)
PENDING = Message.TranscriptState.PENDING


def fetch(inbound: int, index: int, message: int, *, last_try: bool, no_room_any_more: bool = False) -> None:
    """Ask for a file and keep it; raises MediaUnavailable, or OSError on a full disk, while trying again can help."""
    utterance = Message.objects.select_related("ticket").get(pk=message)
    if utterance.attachment_id is not None:
        return
    row = InboundMessage.objects.select_related("account").get(pk=inbound)
    adapter = registry.get(row.account.adapter)
    item = inbox.message_of(row, adapter).media[index]
    try:
        attachments.attach(utterance, adapter.fetch_media(row.account, item))
        if adapter.media_at_hand:
            incoming.drop(item.reference)
    except MediaUnavailable as error:
        if error.retry and not last_try:
            raise
        attachments.lost(utterance, str(error))
    except InvalidFields as error:
        attachments.lost(utterance, attachments.sentence_of(error))
    except OSError:
        if not no_room_any_more:
            raise
        attachments.lost(utterance, _("There was no room on the disk."))


def transcribe(message: int) -> None:
    """Recognise a voice; without a model the ticket goes on and the desk can play the sound."""
    utterance = Message.objects.select_related("ticket", "attachment").get(pk=message)
    if utterance.transcript_state != PENDING or utterance.attachment is None:
        return
    text, result, engine = _heard(utterance.attachment)
    lifecycle.transcribe(ticket=utterance.ticket, message=utterance, text=text, result=result, engine=engine)


def _heard(sound: Attachment) -> tuple[str, str, str]:
    """(text, result, engine) of a kept voice."""
    if settings.SPEECH_ENGINE == "none":
        return "", "no_model", ""
    try:
        heard = speech.transcribe(files.path_of(sound).read_bytes(), sound.content_type, speech_settings())
    except speech.NoModel as error:
        log.warning("no transcript of %s: %s", sound.key, error)
        return "", "no_model", ""
    except speech.Undecodable as error:
        log.warning("no transcript of %s: %s", sound.key, error)
        return "", "failed", ""
    return heard.text, "done", heard.engine


def speech_settings() -> speech.SpeechSettings:
    """The recogniser that this installation chose."""
    return speech.SpeechSettings(models_dir=settings.MODEL_DIR, engine=settings.SPEECH_ENGINE)
