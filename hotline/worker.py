"""The background entry: a procrastinate worker, and beside it the reaper of jobs that a killed worker left."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import django

if TYPE_CHECKING:
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.manager import JobManager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
log = logging.getLogger(__name__)
REAP_EVERY = 30
"""Seconds between two looks for jobs whose worker has died."""
DEAD_AFTER = 60
"""Seconds without a heartbeat after which a worker is taken for dead (it beats every 10)."""
AGAIN_AFTER = 3.0
"""Seconds before the work is taken up again that the database interrupted."""


def run(*, queues: list[str], concurrency: int) -> int:
    """Work on `queues` until SIGINT or SIGTERM; a job in hand is finished first."""
    django.setup()
    asyncio.run(_work(queues, concurrency))
    return 0


async def _work(queues: list[str], concurrency: int) -> None:
    """Work, and after every end that nobody asked for begin anew: the library gives up when its database is away."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    while not told.is_set():
        working, asked = asyncio.create_task(_work_once(queues, concurrency)), asyncio.create_task(told.wait())
        await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()  # where it still works: it ends what it has in hand
        (error,) = await asyncio.gather(working, return_exceptions=True)
        if isinstance(error, Exception) or not told.is_set():
            log.warning("the work is interrupted: %s", (error and error.__cause__) or error or "no database")
            with suppress(TimeoutError):
                await asyncio.wait_for(asked, AGAIN_AFTER)
        asked.cancel()


async def _work_once(queues: list[str], concurrency: int) -> None:
    from procrastinate.contrib.django import app

    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector) as running:
        async with running.open_async():
            reaper = asyncio.create_task(_reap(running.job_manager))
            print(f"worker ready: {', '.join(queues)}", file=sys.stderr, flush=True)
            try:
                await running.run_worker_async(
                    queues=queues, concurrency=concurrency, delete_jobs="successful", install_signal_handlers=False
                )
            finally:
                reaper.cancel()
                with suppress(asyncio.CancelledError):
                    await reaper


async def _reap(manager: "JobManager") -> None:
    """Give the jobs of dead workers back to the queue.

    Outside the queue on purpose: a queue whose jobs are stuck cannot be asked to free itself.
    """
    while True:
        try:
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
                log.warning("job %s of a dead worker goes back to its queue", job.id)
                await manager.retry_job(job)
            await manager.prune_stalled_workers(DEAD_AFTER)
        except Exception:
            log.exception("could not look for stalled jobs; trying again")
        await asyncio.sleep(REAP_EVERY)
