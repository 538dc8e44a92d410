"""From which address a request came, and whether an address is one of those that are allowed."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address; X-Forwarded-For is believed for as many hops as HOTLINE_PROXIES says are ours."""
    proxies: int = settings.PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return str(hops[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` lies in one of `networks`; what is no address (a socket has none) lies in none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(network, strict=False) for network in networks)
