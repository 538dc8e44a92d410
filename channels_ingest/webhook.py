"""The one HTTP view of all vendors: find the account, cap the size, verify, keep, acknowledge."""

import logging
from urllib.parse import parse_qsl

from django.db import Error as DatabaseUnavailable
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels_ingest import inbox, registry
from channels_ingest.adapter import Adapter
from channels_ingest.errors import BadPayload, Refused, TooLarge
from channels_ingest.messages import Answer, WebRequest
from channels_ingest.models import ChannelAccount
from hotline.people.addresses import client_address
from hotline.people.sealing import fingerprint
from hotline.tickets import clock

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, slug: str, address: str) -> HttpResponse:
    """GET is the vendor's address check, POST a message; a refusal says only its status."""
    try:
        adapter, account = _find(slug, address)
        web_request = read(request, adapter)
        answer = _shake_hands(adapter, account, web_request)
        if answer is None:
            answer, _kept = inbox.receive(adapter, account, web_request)
    except Refused as refusal:
        log.warning("%s: %s (%s)", slug, type(refusal).__name__, refusal)
        return HttpResponse(status=refusal.status)
    except DatabaseUnavailable:
        # Not kept, so not acknowledged: the vendor sends it again.
        log.exception("%s: a message could not be kept", slug)
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(answer.body, content_type=answer.content_type, status=answer.status)


def _find(slug: str, address: str) -> tuple[Adapter, ChannelAccount]:
    """An unknown channel, an unknown account and a wrong secret look the same from outside."""
    adapter = registry.all_adapters().get(slug)
    if adapter is None or not adapter.webhook:
        raise Http404
    rows = ChannelAccount.objects.filter(adapter=slug, address_fingerprint=fingerprint(address), active=True)
    account = rows.first()
    if account is None:
        raise Http404
    return adapter, account


def _shake_hands(adapter: Adapter, account: ChannelAccount, request: WebRequest) -> Answer | None:
    if request.method != "GET":
        return None
    adapter.admit(request, account)
    answer = adapter.handshake(request, account)
    if answer is None:
        raise BadPayload("this channel has no address check")
    return answer


def read(request: HttpRequest, adapter: Adapter, *, vouched_by: str = "") -> WebRequest:
    """The request as adapters read it; never more of the body than a message of this channel can have."""
    most = adapter.capabilities.max_body
    if int(request.headers.get("Content-Length") or 0) > most:
        raise TooLarge("by its own header")
    try:
        query = dict(parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise BadPayload("query") from error
    if any("\0" in part for pair in query.items() for part in pair):
        raise BadPayload("query")  # it is kept with the message, and no database keeps this character
    return WebRequest(
        method=request.method or "",
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(most + 1),
        remote_ip=client_address(request),
        received_at=clock.now(),
        vouched_by=vouched_by,
    )
