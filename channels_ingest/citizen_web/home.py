"""The first page, and the two preferences that a browser keeps: large type and language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

A_YEAR = 365 * 24 * 3600


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Two big choices, the chat and the telephone."""
    return render(request, "citizen_web/home.html")


@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Keep a preference in a cookie and go back to the page it was chosen on."""
    response = HttpResponseRedirect(_back(request))
    if request.POST.get("large") in ("on", "off"):
        _keep(response, "large", request.POST["large"])
    if request.POST.get("language") in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, request.POST["language"])
    return response


def _back(request: HttpRequest) -> str:
    """The page to go back to, when it is one of ours."""
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if ours else "/"


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
