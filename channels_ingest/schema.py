"""The open interface's bodies as its OpenAPI page shows them; they are read by adapters/api.py."""

from rest_framework import serializers

from channels_ingest.forms import REQUEST_TYPES


class _Sender(serializers.Serializer[None]):
    phone = serializers.CharField(required=False, max_length=20)
    name = serializers.CharField(required=False, max_length=40)
    wechat = serializers.CharField(required=False, max_length=64)
    enterprise = serializers.BooleanField(
        required=False, help_text="True when an enterprise asks: such requests go straight to their unit."
    )


class _Place(serializers.Serializer[None]):
    address = serializers.CharField(required=False, max_length=200)
    lat = serializers.FloatField(required=False)
    lng = serializers.FloatField(required=False)


class _File(serializers.Serializer[None]):
    filename = serializers.CharField(max_length=120)
    content = serializers.CharField(help_text="base64")


class RequestSerializer(serializers.Serializer[None]):
    """A request of another system."""

    channel = serializers.CharField(max_length=40, help_text="The sending system, such as app or terminal.")
    external_id = serializers.CharField(max_length=120, help_text="Its own number for this request.")
    sender = _Sender()
    text = serializers.CharField(max_length=5000)
    type = serializers.ChoiceField(choices=REQUEST_TYPES, required=False)
    place = _Place(required=False)
    occurred_at = serializers.DateTimeField(required=False)
    attachments = _File(many=True, required=False)


class MadeSerializer(serializers.Serializer[None]):
    """The two names of the ticket."""

    number = serializers.CharField()
    public_code = serializers.CharField()
