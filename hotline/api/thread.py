"""A ticket's thread as its page shows it: messages, the words of calls, and the files that came with them."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hotline.calls.models import CallPiece
from hotline.tickets import access, files
from hotline.tickets.models import Attachment, Message


class AttachmentOut(serializers.Serializer[Attachment]):
    """A file of the ticket; `url` answers only to those who may see it."""

    id = serializers.IntegerField()
    url = serializers.SerializerMethodField()
    play_url = serializers.SerializerMethodField()
    content_type = serializers.CharField()
    filename = serializers.CharField()
    size = serializers.IntegerField()
    duration = serializers.FloatField(allow_null=True)
    purpose = serializers.ChoiceField(Attachment.Purpose.choices)
    created_at = serializers.DateTimeField()

    def get_url(self, attachment: Attachment) -> str:
        """The address inside this interface."""
        return reverse("api:attachment", args=[self.context["number"], attachment.pk])

    def get_play_url(self, attachment: Attachment) -> str:
        """What a browser plays: the file itself, or the copy of a voice that no browser plays."""
        query = "?playable=1" if attachment.content_type in files.UNPLAYABLE else ""
        return self.get_url(attachment) + query


class WordOut(serializers.Serializer[Any]):
    """One word of a call; `hidden` words are part of a number, and a tone stands for them in the sound."""

    text = serializers.CharField()
    start = serializers.FloatField()
    end = serializers.FloatField()
    hidden = serializers.BooleanField()


class PieceOut(serializers.Serializer[CallPiece]):
    """What one side of a call said between two pauses; times are seconds in the recording."""

    number = serializers.IntegerField()
    side = serializers.ChoiceField(CallPiece.Side.choices)
    text = serializers.CharField()
    start = serializers.FloatField()
    end = serializers.FloatField()
    words = WordOut(many=True)


class MessageOut(serializers.Serializer[Message]):
    """One utterance of the thread."""

    id = serializers.IntegerField()
    direction = serializers.ChoiceField(Message.Direction.choices)
    kind = serializers.CharField()
    text = serializers.CharField()
    transcript = serializers.CharField()
    transcript_state = serializers.ChoiceField(Message.TranscriptState.choices)
    attachment = AttachmentOut(allow_null=True)
    place = serializers.JSONField(allow_null=True)
    channel = serializers.CharField()
    author = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    delivery = serializers.ChoiceField(Message.Delivery.choices)
    delivery_error = serializers.CharField()
    call = serializers.SerializerMethodField()
    pieces = serializers.SerializerMethodField()

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_call(self, message: Message) -> str | None:
        """The telephone call that this is the sound of."""
        return next((str(call.uuid) for call in message.calls.all()), None)

    @extend_schema_field(PieceOut(many=True))
    def get_pieces(self, message: Message) -> Any:
        """What both sides of a call said, word by word."""
        said = [piece for call in message.calls.all() for piece in call.pieces.all()]
        return PieceOut(said, many=True).data  # type: ignore[arg-type]

    def get_author(self, message: Message) -> str:
        """The member of staff who wrote it; empty for the citizen."""
        return str(message.author) if message.author else ""

    def to_representation(self, message: Message) -> dict[str, Any]:
        """A file that the asker may not open is not shown to them either, nor a protected citizen's call."""
        shown = super().to_representation(message)
        staff, ticket, attachment = self.context["asker"].staff, self.context["ticket"], message.attachment
        if attachment and not files.may_open(staff, ticket, attachment):
            shown["attachment"] = None
        if shown["call"] and access.hides_citizen(staff, ticket):  # a misheard name cannot be found and struck out
            shown |= {"transcript": "", "pieces": []}
        return shown
