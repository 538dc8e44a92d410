"""Same origin for sockets: a page of another site must not speak with a visitor's cookies."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host


class SameOrigin:
    """Let a socket through when its Origin is the host it asks for, or is a trusted one.

    A browser always sends Origin; a request without one does not come from a page, so no page of
    another site can ride on a visitor's session with it. The host itself must be an allowed one.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """Deny or pass on."""
        if not self._is_ours(dict(scope["headers"])):
            return await WebsocketDenier()(scope, receive, send)
        return await self.application(scope, receive, send)

    def _is_ours(self, headers: dict[bytes, bytes]) -> bool:
        host = headers.get(b"host", b"").decode("latin-1")
        if not validate_host(urlsplit(f"//{host}").hostname or "", settings.ALLOWED_HOSTS):
            return False
        origin = headers.get(b"origin", b"").decode("latin-1")
        return not origin or urlsplit(origin).netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS
