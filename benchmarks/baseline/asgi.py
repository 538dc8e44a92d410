"""Pages as in the product; every websocket gets what is sent to one group, and nothing else happens."""

import os
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

GROUP = "bare"


class Bare(AsyncWebsocketConsumer):
    """Forward every message of the group."""

    async def connect(self) -> None:
        """Join the group, then say that the socket is ready."""
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()
        await self.send("{}")

    async def bare(self, event: dict[str, Any]) -> None:
        """A message of the group."""
        await self.send(event["text"])


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.baseline.settings")
application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": Bare.as_asgi()})
