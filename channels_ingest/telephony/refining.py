"""After a call: its words from the recording, better ones where a better recogniser is there, and a copy to play.

The copy that goes into the ticket's thread has a tone where numbers are said; the recording itself stays
where it is, for those who may hear it.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from channels_ingest import attachments
from channels_ingest.fetching import speech_settings
from channels_ingest.messages import Media
from channels_ingest.telephony import bleeping, spoken
from channels_ingest.telephony.spoken import SIDES, Spoken
from hotline.calls import sound
from hotline.calls.models import CallPiece, PhoneCall
from hotline.tickets import files, lifecycle
from hotline.tickets.models import Attachment, Message
from nlp import speech
from nlp.speech.engines import choose
from nlp.speech.readable import join

log = logging.getLogger(__name__)
State = PhoneCall.TranscriptState
Purpose = Attachment.Purpose
COPY_NAME = "call.mp3"
REFINE_PRIORITY = -10
"""Behind every voice that waits for its first words."""


def finish(call: UUID) -> None:
    """A call is over and its recording whole: see to its words and to the copy; may be asked twice."""
    row = _recorded(call)
    if row is None:
        return
    if row.transcript_state in (State.LIVE, State.DONE):
        _publish(row, _pieces(row))
        if row.transcript_state == State.LIVE and not _send_to_refine(row):
            PhoneCall.objects.filter(pk=row.pk).update(transcript_state=State.DONE)
    else:
        _transcribe_job(row, priority=0)


def transcribe(call: UUID) -> None:
    """Recognise the recording side by side; what was heard live is replaced."""
    row = _recorded(call)
    if row is None:
        return
    before = _pieces(row)
    try:
        heard = speech.transcribe_recording(_sound(row), speech_settings()) if _wanted() else None
    except speech.NoModel as error:
        log.warning("no transcript of call %s: %s", row.uuid, error)
        heard = None
    except speech.Undecodable as error:
        log.warning("no transcript of call %s: %s", row.uuid, error)
        _without_words(row, State.FAILED)
        return
    if heard is None:
        _without_words(row, State.NO_MODEL)
        return
    said = [Spoken(SIDES[one.side], one.utterance) for one in heard.said]
    row = spoken.keep(row.uuid, said, engine=heard.engine, state=State.DONE, over=True)
    _publish(row, before)


def left_over() -> QuerySet[PhoneCall]:
    """Calls in which somebody spoke and whose words, or better ones, are still to come."""
    states = Q(transcript_state__in=(State.NONE, State.LATER, State.LIVE))
    if _engine_name():
        states |= Q(transcript_state=State.NO_MODEL)
    with_words = Q(ticket__isnull=False) | Q(answered_at__isnull=False)
    return PhoneCall.objects.filter(states, with_words, sound_deleted_at=None, ended_at__isnull=False).exclude(
        recording=""
    )


def _recorded(call: UUID) -> PhoneCall | None:
    """The call, if it has sound in which somebody may have spoken."""
    row = PhoneCall.objects.select_related("ticket", "message__attachment").filter(uuid=call).first()
    if row is None or sound.path_of(row) is None:
        return None
    return row if row.ticket_id or row.answered_at else None


def _sound(row: PhoneCall) -> Path:
    path = sound.path_of(row)
    if path is None:
        raise FileNotFoundError(f"the recording of call {row.uuid} is gone")
    return path


def _pieces(row: PhoneCall) -> list[CallPiece]:
    return list(row.pieces.all())


def _wanted() -> bool:
    return bool(settings.SPEECH_ENGINE != "none")


def _engine_name() -> str:
    """The recogniser that finished recordings would get now; empty when there is none."""
    if not _wanted():
        return ""
    try:
        return choose(speech_settings()).name
    except speech.NoModel:
        return ""


def _send_to_refine(row: PhoneCall) -> bool:
    """Have the words recognised again when there is a better recogniser than the one that heard them live."""
    better = _engine_name() not in ("", row.transcript_engine)
    if better:
        _transcribe_job(row, priority=REFINE_PRIORITY)
    return better


def _transcribe_job(row: PhoneCall, *, priority: int) -> None:
    from channels_ingest import tasks

    tasks.defer_once(tasks.transcribe_call, f"call:{row.uuid}", priority=priority, call=str(row.uuid))


def _without_words(row: PhoneCall, state: State) -> None:
    """Nothing could be recognised: words heard live stay, and the sound can be played."""
    if not row.pieces.exists():
        row.transcript_state = state
        row.save(update_fields=["transcript_state"])
    _publish(row, _pieces(row))


def _publish(row: PhoneCall, before: Sequence[CallPiece]) -> None:
    """Put words and sound into the ticket's thread; `before` are the words whose numbers were hidden so far."""
    message = row.message
    if message is None:
        return
    _put_words(row, message)
    if row.transcript_state != State.FAILED:
        _put_copy(row, message, before)


def _put_words(row: PhoneCall, message: Message) -> None:
    text = join([piece.text for piece in row.pieces.filter(side=CallPiece.Side.CALLER)])
    found = row.pieces.exists()
    result = "done" if found or row.transcript_state in (State.LIVE, State.DONE) else str(row.transcript_state)
    if (message.transcript, message.transcript_state) != (text, result):
        engine = row.transcript_engine if result == "done" else ""
        lifecycle.transcribe(ticket=message.ticket, message=message, text=text, result=result, engine=engine)


def _put_copy(row: PhoneCall, message: Message, before: Sequence[CallPiece]) -> None:
    """Numbers that either recogniser heard are hidden: each mishears others; the copy says when nobody listened."""
    had, spans = spoken.hidden_spans(before), spoken.hidden_spans([*before, *_pieces(row)])
    bleeped = Purpose.FOLLOW_UP if message.at_follow_up else Purpose.CITIZEN
    purpose = bleeped if row.transcript_state in (State.LIVE, State.DONE) else Purpose.AS_SPOKEN
    copy = message.attachment
    if copy and had == spans and copy.purpose == purpose:
        return
    mp3 = bleeping.copy(_sound(row), spans, settings.MAX_ATTACHMENT_BYTES)
    if copy:
        with transaction.atomic():  # a line of the ledger proves the new copy in place of the old one
            files.rewrite(copy, mp3, purpose)
            lifecycle.keep_media(ticket=message.ticket, message=message, attachment=copy)
        return
    media = Media("voice", "", filename=COPY_NAME, content_type=bleeping.CONTENT_TYPE, content=mp3)
    attachments.attach(message, media, purpose)
    Attachment.objects.filter(messages=message).update(duration=row.recording_seconds)
