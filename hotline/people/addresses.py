"""From which address a request came, and whether an address is one of those that are allowed."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address; X-Forwarded-For is believed for as many hops as HOTLINE_PROXIES says are ours."""
    return _told(request.META.get("HTTP_X_FORWARDED_FOR", ""), str(request.META.get("REMOTE_ADDR", "")))


def socket_address(scope: Mapping[str, Any]) -> str:
    """The same for a socket, from its ASGI scope."""
    headers = dict(scope.get("headers", ()))
    peer = scope.get("client") or ("",)
    return _told(headers.get(b"x-forwarded-for", b"").decode("latin-1"), str(peer[0]))


def _told(forwarded: str, peer: str) -> str:
    proxies: int = settings.PROXIES
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return hops[-proxies] if proxies and len(hops) >= proxies else peer


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` lies in one of `networks`; what is no address (a socket has none) lies in none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(network, strict=False) for network in networks)
