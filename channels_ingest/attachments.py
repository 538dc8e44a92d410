"""The files of a message on their way into a ticket: at hand, or fetched from the vendor by a job."""

import logging
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from channels_ingest import incoming
from channels_ingest.adapter import Adapter
from channels_ingest.errors import MediaUnavailable
from channels_ingest.messages import Inbound, Media
from channels_ingest.models import InboundMessage
from hotline.tickets import files, lifecycle
from hotline.tickets.actors import SYSTEM
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Attachment, Message, Ticket
from nlp import speech

log = logging.getLogger(__name__)
CITIZEN = Attachment.Purpose.CITIZEN


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a message, fetched when it is at hand; `problem` when it cannot be kept."""

    kind: str
    media: Media
    problem: str = ""


def pieces_of(row: InboundMessage, message: Inbound, adapter: Adapter) -> list[Piece]:
    """The files of a message; those at hand are looked at now, so that their true kind is known."""
    if not adapter.media_at_hand:
        return [Piece(item.kind, item) for item in message.media]
    return [_at_hand(row, item, adapter) for item in message.media]


def _at_hand(row: InboundMessage, item: Media, adapter: Adapter) -> Piece:
    if item.awaited:
        return Piece(item.kind, item)
    try:
        fetched = adapter.fetch_media(row.account, item)
        found = files.examine(fetched.content or b"", hint=fetched.content_type)
    except InvalidFields as error:
        return Piece(item.kind, item, problem=sentence_of(error))
    except MediaUnavailable as error:
        return Piece(item.kind, item, problem=str(error))
    return Piece(kind_of(found.content_type), fetched)


def sentence_of(refusal: InvalidFields) -> str:
    """Why a file is not kept, in words."""
    return " ".join(refusal.errors["file"])


def kind_of(content_type: str) -> str:
    """The kind of utterance that a file of this type is."""
    return {"image": "image", "audio": "voice", "video": "video"}.get(content_type.partition("/")[0], "file")


def settle(row: InboundMessage, index: int, piece: Piece, message: Message) -> None:
    """Attach a file that is at hand, tell staff about one that cannot be kept, or send a job for it."""
    if piece.media.awaited:
        return
    if piece.problem:
        lost(message, piece.problem)
    elif piece.media.content is None or not _attached(message, piece.media):
        from channels_ingest import tasks

        tasks.fetch_media.defer(inbound=row.pk, index=index, message=message.pk)


def _attached(message: Message, item: Media) -> bool:
    """False on a full disk: the words become a ticket all the same, and a job waits for room."""
    try:
        attach(message, item)
    except OSError:
        log.exception("a file of message %s could not be written", message.pk)
        return False
    transaction.on_commit(partial(incoming.drop, item.reference))
    return True


def attach(message: Message, item: Media, purpose: str = CITIZEN) -> None:
    """Keep the file and join it to its utterance; a voice goes on to be transcribed.

    Raises InvalidFields when the file cannot be kept. Nothing happens the second time.
    """
    from channels_ingest import tasks

    if message.attachment_id is not None:
        return
    with transaction.atomic():
        attachment = files.keep(
            message.ticket,
            content=item.content or b"",
            filename=item.filename,
            purpose=purpose,
            by=None,
            hint=item.content_type,
        )
        try:
            _make_playable(attachment, item.content or b"")
        except OSError:
            files.path_of(attachment).unlink()  # its row is not made either: nobody would ever find it
            raise
        lifecycle.keep_media(ticket=message.ticket, message=message, attachment=attachment)
        if message.transcript_state == Message.TranscriptState.PENDING:
            tasks.transcribe.defer(message=message.pk)


def _make_playable(attachment: Attachment, content: bytes) -> None:
    """WeChat's voices play in no browser: an MP3 goes beside them; a voice that cannot be read stays as it is."""
    if attachment.content_type not in files.UNPLAYABLE:
        return
    try:
        files.keep_playable(attachment, speech.playable(content, attachment.content_type).content)
    except speech.Undecodable as error:
        log.info("attachment %s stays without a playable copy: %s", attachment.pk, error)


def lost(message: Message, why: str) -> None:
    """A file could not be had or kept: staff are told, and a voice no longer waits for its transcript."""
    ticket: Ticket = message.ticket
    lifecycle.note(
        ticket=ticket,
        by=SYSTEM,
        version=ticket.version,
        text=_("A file of the citizen could not be kept: %s") % why,
    )
    if message.transcript_state == Message.TranscriptState.PENDING:
        lifecycle.transcribe(ticket=ticket, message=message, text="", result="failed")
