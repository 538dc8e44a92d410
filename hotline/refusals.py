"""Refusals that Django leaves empty get a page that says what to do; programs get them as they were."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render

Handler = Callable[[HttpRequest], HttpResponseBase]


def explain(get_response: Handler) -> Handler:
    """Middleware: an address that only takes forms was opened like a page, by going back or from a bookmark."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        empty = isinstance(response, HttpResponse) and not response.content
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and empty and request.accepts("text/html"):
            said = render(request, "405.html", status=response.status_code)
            said.headers["Allow"] = response.headers["Allow"]
            return said
        return response

    return handle
