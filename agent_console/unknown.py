"""A socket address that does not exist: closed politely instead of failing in the server's log."""

from channels.generic.websocket import AsyncWebsocketConsumer

NO_SUCH_SOCKET = 4404


class UnknownSocket(AsyncWebsocketConsumer):
    """Closes at once."""

    async def connect(self) -> None:
        """Refuse."""
        await self.close(NO_SUCH_SOCKET)
