"""POST /api/v1/requests: how apps, self-service terminals and other systems send requests in."""

import logging
from typing import Any

from django.db import Error as DatabaseUnavailable
from django.http import HttpRequest, JsonResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_ingest import inbox, registry, webhook
from channels_ingest.errors import Refused
from channels_ingest.forms import BadFields
from channels_ingest.models import ChannelAccount
from channels_ingest.schema import MadeSerializer, RequestSerializer
from hotline.people import apikeys
from hotline.people.models import ApiKey

log = logging.getLogger(__name__)
SLUG = "api"
TITLES = {
    400: "Not readable as JSON",
    401: "No valid API key",
    403: "Not allowed",
    413: "Too large",
    503: "Try again",
}


class Requests(APIView):
    """Send a request in; the same (channel, external_id) again gives the same answer and nothing new."""

    authentication_classes = ()  # the key is checked below, before a byte of the body is read
    permission_classes = ()

    @extend_schema(
        operation_id="requests_create",
        request=RequestSerializer,
        responses={
            201: OpenApiResponse(MadeSerializer, "Made."),
            200: OpenApiResponse(MadeSerializer, "Seen before: the same answer, nothing new."),
            202: OpenApiResponse(None, "Kept; it will be made into a ticket shortly."),
        },
        tags=["requests"],
    )
    def post(self, request: Request) -> Response | JsonResponse:
        """Keep the request and answer with its number and code."""
        plain: HttpRequest = request._request
        key = apikeys.authenticate(plain)
        if key is None:
            return _problem(401)
        if ApiKey.Scope.REQUESTS_WRITE not in key.scopes:
            return _problem(403, detail=f"The key has no scope {ApiKey.Scope.REQUESTS_WRITE}.")
        try:
            return _receive(plain, key)
        except BadFields as refusal:
            return _problem(422, errors=refusal.errors)
        except Refused as refusal:
            return _problem(refusal.status, detail=str(refusal))
        except DatabaseUnavailable:
            log.exception("a request could not be kept")
            return _problem(503, detail="Not kept. Please send it again.")


def _receive(request: HttpRequest, key: ApiKey) -> Response:
    adapter = registry.get(SLUG)
    account = ChannelAccount.objects.filter(adapter=SLUG, active=True).order_by("pk").first()
    if account is None:
        account = ChannelAccount.objects.get_or_create(adapter=SLUG, name="open")[0]
    web_request = webhook.read(request, adapter, vouched_by=f"key:{key.prefix}")
    _answer, kept = inbox.receive(adapter, account, web_request)
    ticket = kept[0].ticket
    if ticket is None:
        return Response({"number": None, "public_code": None}, status=202)
    body = {"number": ticket.number, "public_code": ticket.public_code}
    return Response(body, status=201 if kept[0].fresh else 200)


def _problem(status: int, **more: Any) -> JsonResponse:
    """RFC 9457."""
    title = TITLES.get(status, "Some fields are wrong")
    response = JsonResponse({"type": "about:blank", "title": title, "status": status} | more, status=status)
    response["Content-Type"] = "application/problem+json"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response
