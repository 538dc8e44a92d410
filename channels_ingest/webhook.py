"""The one HTTP view of all vendors: find the account, cap the size, verify, keep, acknowledge."""

import logging
from urllib.parse import parse_qsl

from django.db import Error as DatabaseUnavailable
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from psycopg.errors import LockNotAvailable

from channels_ingest import inbox, registry, spool
from channels_ingest.adapter import UNREADABLE, Adapter
from channels_ingest.errors import BadPayload, Refused, TooLarge
from channels_ingest.messages import Answer, WebRequest
from channels_ingest.models import ChannelAccount
from hotline.away import AWAY
from hotline.people.addresses import client_address
from hotline.people.sealing import fingerprint
from hotline.tickets import clock

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, slug: str, address: str) -> HttpResponse:
    """GET is the vendor's address check, POST a message; a refusal says only its status."""
    try:
        adapter = _adapter(slug)
        web_request = read(request, adapter)
        answer = _answer(adapter, address, web_request)
    except Refused as refusal:
        log.warning("%s: %s (%s)", slug, type(refusal).__name__, refusal)
        return HttpResponse(status=refusal.status)
    if answer is None:  # not kept, so not acknowledged: the vendor sends it again
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(answer.body, content_type=answer.content_type, status=answer.status)


def _answer(adapter: Adapter, address: str, request: WebRequest) -> Answer | None:
    """Keep the request where it can be kept, and say so; None where it is not."""
    if spool.is_away() and (answer := _spooled(adapter, address, request)):
        return answer
    try:
        account = _account(adapter, address)
        if request.method == "POST" and spool.is_behind() and (answer := spool.keep(adapter, account, request)):
            return answer
        return _shake_hands(adapter, account, request) or inbox.receive(adapter, account, request)[0]
    except (DatabaseUnavailable, *AWAY) as error:
        log.exception("%s: a message could not be kept in the database", adapter.slug)
        if not isinstance(error, AWAY):
            return None
        if not isinstance(error.__cause__, LockNotAvailable):  # that one is there, and somebody was slow in it
            spool.note_away()
        return _spooled(adapter, address, request)


def _spooled(adapter: Adapter, address: str, request: WebRequest) -> Answer | None:
    account = spool.recall(adapter.slug, address)
    return spool.keep(adapter, account, request) if account and request.method == "POST" else None


def _adapter(slug: str) -> Adapter:
    adapter = registry.all_adapters().get(slug)
    if adapter is None or not adapter.webhook:
        raise Http404
    return adapter


def _account(adapter: Adapter, address: str) -> ChannelAccount:
    """An unknown channel, an unknown account and a wrong secret look the same from outside."""
    rows = ChannelAccount.objects.filter(adapter=adapter.slug, address_fingerprint=fingerprint(address), active=True)
    account = rows.first()
    if account is None:
        spool.forget(adapter.slug, address)
        raise Http404
    spool.remember(address, account)
    return account


def _shake_hands(adapter: Adapter, account: ChannelAccount, request: WebRequest) -> Answer | None:
    if request.method != "GET":
        return None
    adapter.admit(request, account)
    try:
        answer = adapter.handshake(request, account)
    except UNREADABLE as error:
        raise BadPayload(f"not an address check: {type(error).__name__}") from error
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
