"""The HTTP and WebSocket entry: pages, the interface and webhooks on one side, sockets on the other."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
pages = get_asgi_application()

# The apps must be ready before anything of theirs is imported.
from channels.routing import ProtocolTypeRouter  # noqa: E402

from agent_console.sockets import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
