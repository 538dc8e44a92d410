"""The OpenAPI document: shapes that no model gives, and the scheme of the keys."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers

from hotline.api.rows import UnitOut

SENTENCES = {"type": "array", "items": {"type": "string"}}
PROBLEM = OpenApiResponse(
    {
        "type": "object",
        "description": "RFC 9457 problem; `errors`, `allowed` and `ticket` where they help.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "object", "additionalProperties": SENTENCES},
            "allowed": {"type": "array", "items": {"type": "string"}},
            "ticket": {"type": "object"},
        },
    },
    description="application/problem+json",
)


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """How a list that fits one page is described: it has the shape of every list."""
    fields = {"results": item(many=True), "next": serializers.CharField(allow_null=True)}
    return inline_serializer(f"{item.__name__}Page", fields)


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer <key>`."""

    target_class = "hotline.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """An HTTP bearer scheme."""
        return {"type": "http", "scheme": "bearer"}


class SuggestionReason(serializers.Serializer[Any]):
    """Why something is suggested."""

    kind = serializers.ChoiceField(["word", "catalogue", "place", "similar", "rule"])
    text = serializers.CharField()
    weight = serializers.FloatField()


class SuggestedChoice(serializers.Serializer[Any]):
    """One thing suggested, with how sure and why."""

    code = serializers.CharField()
    name = serializers.CharField()
    confidence = serializers.FloatField()
    reasons = SuggestionReason(many=True)


class SuggestedUnit(SuggestedChoice):
    """A unit that may lead, with those that the catalogue has assist it."""

    assisting = UnitOut(many=True)


class UrgencyOut(serializers.Serializer[Any]):
    """How soon it hurts, and the words that say so."""

    level = serializers.CharField()
    reasons = SuggestionReason(many=True)


class SuggestedPlace(serializers.Serializer[Any]):
    """The place found in the text."""

    area = serializers.CharField(allow_null=True)
    area_name = serializers.CharField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)


class SimilarOut(serializers.Serializer[Any]):
    """A closed ticket like this one."""

    number = serializers.CharField()
    title = serializers.CharField()
    department = serializers.CharField()
    department_name = serializers.CharField()
    state = serializers.CharField()
    answer = serializers.CharField()


class SuggestionOut(serializers.Serializer[Any]):
    """What the assistant understood; `ready` is false while there is nothing yet."""

    type = SuggestedChoice(many=True)
    matter = SuggestedChoice(many=True)
    departments = SuggestedUnit(many=True)
    urgency = UrgencyOut()
    place = SuggestedPlace(allow_null=True)
    similar = SimilarOut(many=True)
    title = serializers.CharField()
    summary = serializers.CharField()
    abstain = serializers.BooleanField()
    ready = serializers.BooleanField()
