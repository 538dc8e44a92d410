"""Refusals that Django leaves empty get a page that says what to do; programs get them as they were."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

Handler = Callable[[HttpRequest], HttpResponseBase]


def explain(get_response: Handler) -> Handler:
    """Middleware: an address that only takes forms was opened like a page, by going back or from a bookmark."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        browser = "text/html" in request.headers.get("Accept", "")  # programs say */*, or nothing
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and browser and isinstance(response, HttpResponse):
            # into the same answer: what its view says of caches, and which methods are allowed, stays
            response.content = response.content or render_to_string("405.html", request=request).encode()
        return response

    return handle
