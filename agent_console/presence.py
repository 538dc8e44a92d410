"""Who looks at which ticket: a sorted set in Redis for each ticket, forgotten when a heartbeat is missed."""

import json
import time
from typing import cast

from django.conf import settings

from agent_console.live import connection
from hotline.people.models import Staff

FORGET_AFTER = 45.0
"""Seconds without a heartbeat after which somebody is no longer there (a client pings every 15)."""


def looking(staff: Staff, number: str) -> list[dict[str, str]]:
    """`staff` looks at the ticket; return all who do."""
    pipe = connection().pipeline()
    pipe.zadd(_key(number), {_member(staff): time.time()})
    pipe.expire(_key(number), int(FORGET_AFTER))
    pipe.execute()
    return people(number)


def left(staff: Staff, number: str) -> list[dict[str, str]]:
    """`staff` looks no more; return those who still do."""
    connection().zrem(_key(number), _member(staff))
    return people(number)


def people(number: str) -> list[dict[str, str]]:
    """All who look at the ticket: [{username, name}], in the order they came."""
    members = connection().zrange(_key(number), time.time() - FORGET_AFTER, "+inf", byscore=True)
    return [json.loads(member) for member in cast("list[bytes]", members)]


def _key(number: str) -> str:
    return f"{settings.LIVE_PREFIX}:looking:{number}"


def _member(staff: Staff) -> str:
    return json.dumps({"username": staff.username, "name": str(staff)}, ensure_ascii=False, sort_keys=True)
