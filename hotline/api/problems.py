"""Every error as application/problem+json (RFC 9457), the errors of a ticket's verbs among them."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from hotline.away import AGAIN_AFTER, AWAY, WITHOUT_REDIS
from hotline.calls.call_backs import Taken
from hotline.tickets.errors import InvalidFields, NotAllowed, NotYours, StaleVersion, TicketError

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
STATUS_OF: dict[type[TicketError], int] = {
    NotYours: HTTPStatus.FORBIDDEN,
    StaleVersion: HTTPStatus.CONFLICT,
    NotAllowed: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidFields: HTTPStatus.UNPROCESSABLE_ENTITY,
    Taken: HTTPStatus.CONFLICT,
}


class VerbProblem(Exception):
    """A ticket's error with what helps to go on: the verbs open to the asker, or the ticket as it is now."""

    def __init__(self, error: Exception, **members: Any) -> None:
        super().__init__(str(error))
        self.error = error
        self.members = members


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets a programming error through to become a 500."""
    if isinstance(error, VerbProblem):
        response = problem_response(error.error, context)
        return response and _with(response, error.members)
    if isinstance(error, TicketError):
        members = {"errors": error.errors} if isinstance(error, InvalidFields) else {}
        return _problem(STATUS_OF[type(error)], error.message, members)
    if isinstance(error, exceptions.ValidationError):
        members = {"errors": flat(error.detail)}
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Some fields are missing or wrong."), members)
    if isinstance(error, DataError | UnicodeEncodeError):  # NUL, half a surrogate pair
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("There are characters that cannot be kept."), {})
    if isinstance(error, (*AWAY, *WITHOUT_REDIS)):
        return _away(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _away(error: Exception) -> Response:
    log.error("the database did not do it: %s", error)  # a deadlock and a full disk look the same from outside
    response = _problem(HTTPStatus.SERVICE_UNAVAILABLE, _("The database is away. Please try again in a moment."), {})
    response.headers["Retry-After"] = AGAIN_AFTER
    return response


def _of_framework(error: exceptions.APIException) -> Response:
    response = _problem(error.status_code, str(error.detail), {})
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _problem(status: int, detail: str, members: dict[str, Any]) -> Response:
    set_rollback()
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": int(status), "detail": detail, **members}
    return Response(body, status=status, content_type=MEDIA_TYPE)


def _with(response: Response, members: dict[str, Any]) -> Response:
    response.data |= members
    return response


def flat(detail: Any, name: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as {field: [sentence, …]}, inner fields as `place.lat`."""
    if isinstance(detail, dict):
        inner = [flat(value, f"{name}.{key}" if name else str(key)) for key, value in detail.items()]
        return {field: texts for errors in inner for field, texts in errors.items()}
    texts = detail if isinstance(detail, list) else [detail]
    if any(isinstance(text, dict) for text in texts):
        numbered = [flat(text, f"{name}.{place}") for place, text in enumerate(texts) if text]
        return {field: sentences for errors in numbered for field, sentences in errors.items()}
    return {name or "body": [str(text) for text in texts]}
