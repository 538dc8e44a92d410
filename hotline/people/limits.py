"""How often somebody may try something: attempts counted in the shared cache, window by window."""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

import redis
from django.core.cache import cache

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts in each window of `seconds`, counted for each key by itself."""

    name: str
    most: int
    seconds: int

    def take(self, key: str) -> bool:
        """Count one attempt before it is made; False when there are none left in this window."""
        counter = self._counter(key)
        cache.add(counter, 0, timeout=self.seconds)
        return int(cache.incr(counter)) <= self.most

    def is_spent(self, key: str) -> bool:
        """Whether none are left in this window; counts nothing, and while the cache is away nobody is kept out."""
        try:
            return int(cache.get(self._counter(key), 0)) >= self.most
        except redis.RedisError as error:
            log.warning("attempts (%s) are not counted: %s", self.name, type(error).__name__)
            return False

    def give_back(self, key: str) -> None:
        """The attempt was a rightful one and does not count."""
        with suppress(ValueError):  # a new window has begun since, in which nothing was counted
            cache.decr(self._counter(key))

    def _counter(self, key: str) -> str:
        # The window's number is part of the name, so that a counter can never outlive its window.
        return f"limit:{self.name}:{counted_as(key)}:{int(time.time()) // self.seconds}"


def counted_as(key: str) -> str:
    """`key` itself; an IPv6 address as its /64 network, for one subscriber has all the addresses of it."""
    try:
        address = ip_address(key)
    except ValueError:
        return key
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return key
