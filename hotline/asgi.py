"""The HTTP and WebSocket entry: pages, the interface and webhooks on one side, sockets on the other."""

import os

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup(set_prefix=False)


class Pages(ASGIHandler):
    """Django's own, but a request goes through all middleware and its view in one thread.

    Django would send each step of each middleware to that thread by itself, some twenty hops, which is a third of a
    small page's time. Every view and every middleware of ours is synchronous, so nothing is lost.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """The chain as under WSGI, entered once."""
        super().load_middleware(is_async=False)
        self._middleware_chain = sync_to_async(self._middleware_chain, thread_sensitive=True)  # type: ignore[has-type]


pages = Pages()

# The apps must be ready before anything of theirs is imported.
from channels.routing import ProtocolTypeRouter  # noqa: E402

from agent_console.sockets import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
