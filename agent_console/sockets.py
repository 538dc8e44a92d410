"""Every socket address, behind the same-origin check and the session."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.urls import path

from agent_console.chat import ChatConsumer
from agent_console.consumers import DeskConsumer, PortalConsumer, WallboardConsumer
from agent_console.origin import SameOrigin
from agent_console.unknown import UnknownSocket

urlpatterns = [
    path("ws/desk/", DeskConsumer.as_asgi()),
    path("ws/portal/", PortalConsumer.as_asgi()),
    path("ws/wallboard/", WallboardConsumer.as_asgi()),
    path("ws/chat/<str:code>/", ChatConsumer.as_asgi()),
    path("<path:anything>", UnknownSocket.as_asgi()),
]
sockets = SameOrigin(AuthMiddlewareStack(URLRouter(urlpatterns)))
