"""Where the browser's telephone connects; the pages' content policy and the token's answer both ask here."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def socket_url(request: HttpRequest) -> str:
    """The address of the phone socket: as configured, or on the request's own host."""
    if settings.PHONE_SOCKET_URL:
        return str(settings.PHONE_SOCKET_URL)
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if ":" in host:
        host = f"[{host}]"
    scheme = "wss" if request.is_secure() else "ws"
    return f"{scheme}://{host}:{settings.TELEPHONY_BROWSER_PORT}/phone/"
