"""One account's link: connected, logged in, and again whenever that ends, ever less often while it does not work."""

import asyncio
import logging
import random
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from channels_ingest.sms_links.dialect import Dialect, LoginRefused, Malformed
from channels_ingest.sms_links.options import LinkOptions
from channels_ingest.sms_links.session import Keeper, LinkLost, Session, Tuning

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
GOODBYE_WITHIN = 5.0
CONNECT_WITHIN = 10.0

# (connected, detail) → told to whoever shows how the link stands.
OnChange = Callable[[bool, str], Coroutine[Any, Any, None]]


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures: doubled each time, with a third of chance so that none come in step."""
    wait: float = min(FIRST_WAIT * 2 ** min(max(failures, 0), 10), LONGEST_WAIT)
    return wait * random.uniform(2 / 3, 4 / 3)


class Link:
    """Runs until `stop`; `wake` says that there may be pieces to send."""

    def __init__(self, name: str, options: LinkOptions, dialect: Dialect, keeper: Keeper, on_change: OnChange) -> None:
        self._name, self._options, self._dialect = name, options, dialect
        self._keeper, self._on_change = keeper, on_change
        self._tuning = Tuning(window=options.window, rate=options.rate, keep_alive=options.keep_alive)
        self._session: Session | None = None
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        failures, loop = 0, asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._once()
            except (OSError, TimeoutError, LinkLost, LoginRefused, Malformed) as error:
                detail = str(error) or type(error).__name__
                log.warning("%s: %s", self._name, detail)
            except Exception as error:  # a fault of ours must not end the link for good
                detail = type(error).__name__
                log.exception("%s: the session ended by a fault", self._name)
            finally:
                self._session = None
            failures = 0 if loop.time() - began > LONGEST_WAIT else failures + 1
            await self._on_change(False, detail)
            await asyncio.sleep(backoff(failures - 1))

    async def _once(self) -> None:
        tls = ssl.create_default_context() if self._options.tls else None
        async with asyncio.timeout(CONNECT_WITHIN):
            reader, writer = await asyncio.open_connection(self._options.host, self._options.port, ssl=tls)
        session = Session(reader, writer, self._dialect, self._keeper, self._tuning, self.wake)
        try:
            await session.log_in()
        except BaseException:
            writer.close()
            raise
        self._session = session
        log.info("%s: connected", self._name)
        await self._on_change(True, "")
        await session.run()

    async def stop(self, running: asyncio.Task[None]) -> None:
        """End in order: no more pieces, the answers that are due, goodbye."""
        if self._session is not None:
            await self._session.end(GOODBYE_WITHIN)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
