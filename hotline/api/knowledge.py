"""The knowledge base over the interface: search, one article, and what answers the words that are being said."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hotline.api.base import Base
from hotline.api.schema import PROBLEM, page_of
from hotline.knowledge import searching
from hotline.knowledge.models import Article
from hotline.knowledge.searching import Found

MOST_WORDS = 20_000


class ArticleRow(serializers.Serializer[Article]):
    """An article in a list."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    body = serializers.CharField()
    basis = serializers.CharField()
    audience = serializers.CharField()
    owner = serializers.CharField(source="owner.name")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class AskedIn(serializers.Serializer[Any]):
    """What a citizen is saying."""

    text = serializers.CharField(max_length=MOST_WORDS)


class FoundOut(serializers.Serializer[Found]):
    """An article that answers it; `share` (0 to 1) of its question was said, in these `words`."""

    article = ArticleRow()
    share = serializers.FloatField()
    words = serializers.ListField(child=serializers.CharField())


class Articles(Base):
    """Articles in force that hold the words."""

    @extend_schema(
        operation_id="knowledge_search",
        parameters=[OpenApiParameter("q", str, required=True)],
        responses={200: page_of(ArticleRow)},
    )
    def get(self, request: Request) -> Response:
        """Best first; none without a word."""
        found = searching.search(request.query_params.get("q", ""), citizens=False)
        return Response({"results": ArticleRow(found, many=True).data, "next": None})  # type: ignore[arg-type]


class OneArticle(Base):
    """One article in force."""

    @extend_schema(responses={200: ArticleRow, 404: PROBLEM})
    def get(self, request: Request, pk: int) -> Response:
        """What it says."""
        article = get_object_or_404(Article.objects.in_force().select_related("owner"), pk=pk)
        return Response(ArticleRow(article).data)


class Asked(Base):
    """What answers the words that are being said; a POST, for a citizen's words belong in no access log."""

    @extend_schema(request=AskedIn, responses={200: page_of(FoundOut), 422: PROBLEM})
    def post(self, request: Request) -> Response:
        """At most three articles; none where nothing fits."""
        asked = AskedIn(data=request.data)
        asked.is_valid(raise_exception=True)
        found = searching.suggest(asked.validated_data["text"], citizens=False)
        return Response({"results": FoundOut(found, many=True).data, "next": None})  # type: ignore[arg-type]
