"""Finding a citizen's own ticket: by its code, or by its number with a proof; guesses are counted."""

from collections.abc import Callable
from functools import wraps
from hmac import compare_digest
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from channels_ingest.citizen_web import guard
from channels_ingest.citizen_web.forms import plain
from hotline.people.addresses import client_address
from hotline.tickets import numbers
from hotline.tickets.errors import NotAllowed
from hotline.tickets.models import RequestType, Ticket

TAIL = 4


def by_proof(number: str, proof: str) -> Ticket | None:
    """The ticket called `number`, when `proof` is its code or the tail of its citizen's phone."""
    ticket = Ticket.objects.select_related("citizen").filter(number=number).first()
    if ticket is None or not (_is_code(ticket, proof) or _is_tail(ticket, proof)):
        return None
    return ticket


def _is_code(ticket: Ticket, proof: str) -> bool:
    return compare_digest(ticket.public_code.encode(), proof.encode())


def _is_tail(ticket: Ticket, proof: str) -> bool:
    """Who was reported may well know the phone of who reported: a tail does not open what is confidential."""
    if ticket.confidential or ticket.type == RequestType.REPORT:
        return False
    phone = ticket.citizen.phone
    return len(proof) == TAIL and len(phone) > TAIL and compare_digest(phone[-TAIL:].encode(), proof.encode())


def with_ticket(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the ticket whose code is in the address; wrong codes are counted and look the same."""

    @wraps(view)
    def found(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        address = client_address(request)
        if numbers.WRONG_CODES.is_spent(address):
            return guard.too_many(request, numbers.WRONG_CODES)
        ticket = _by_code(code)
        if ticket is not None:
            return _if_still_open(view, request, ticket, *args, **kwargs)
        if request.method == "GET" and plain(code) != code and _by_code(plain(code)):
            return redirect(request.path.replace(code, plain(code), 1))
        numbers.WRONG_CODES.take(address)
        if not guard.LOOKUPS.take(address):
            return guard.too_many(request, guard.LOOKUPS)
        raise Http404

    return found


def _if_still_open(
    view: Callable[..., HttpResponseBase], request: HttpRequest, ticket: Ticket, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The view's answer; somebody who was faster, between its look and its act, is told of and not an error."""
    try:
        return view(request, ticket, *args, **kwargs)
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
        return redirect("citizen:ticket", ticket.public_code)


def _by_code(code: str) -> Ticket | None:
    if not numbers.is_code(code):
        return None
    return Ticket.objects.select_related("department", "merged_into__department").filter(public_code=code).first()
