"""Where the browser's telephone connects; the pages' content policy and the token's answer both ask here."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def socket_url(request: HttpRequest) -> str:
    """The address of the phone socket: as configured, a path behind the page's own proxy, or on the page's host."""
    configured = str(settings.PHONE_SOCKET_URL)
    scheme = "wss" if request.is_secure() else "ws"
    if configured.startswith("/"):
        return f"{scheme}://{request.get_host()}{configured}"
    if configured:
        return configured
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return f"{scheme}://{host}:{settings.TELEPHONY_BROWSER_PORT}/phone/"
