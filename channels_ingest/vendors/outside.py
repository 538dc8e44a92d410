"""HTTP to vendors: dials only what it has judged itself, and reads no more of an answer than a file may have.

An address comes from an account's settings, from a vendor's answer or from a redirect, so it may name what lies
inside: this machine, the database, a cloud's metadata. Names are looked up once and the found address is dialled, so
that a name cannot change its meaning between the look and the call. Where a proxy of the environment
(HTTPS_PROXY) is in between, the proxy decides what it reaches.
"""

import socket
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

from channels_ingest.errors import SendFailed
from hotline.people.addresses import is_within

TIMEOUT_SECONDS: Final = 8
CHUNK: Final = 64 * 1024
PORTS: Final = {"http": 80, "https": 443}
TRANSLATED: Final = ip_network("64:ff9b::/96")
"""NAT64: an IPv4 address in its last four bytes."""


def refused(why: str, *, retry: bool = False) -> SendFailed:
    """Nothing was asked."""
    return SendFailed(f"address not called: {why}", retry=retry)


def address_of(host: str, port: int) -> str:
    """The IP address to dial for `host`; raises SendFailed when any of its addresses lies inside."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise refused("its name is not known", retry=True) from error
    found = sorted({str(row[4][0]) for row in rows}, key=lambda address: ":" in address)
    if not _is_the_environments(host, port) and not all(map(_may_be_called, found)):
        raise refused("it lies inside (HOTLINE_VENDOR_NETWORKS)")
    return found[0]


def _is_the_environments(host: str, port: int) -> bool:
    """Whoever sets the environment may point WeChat's interface anywhere."""
    base = urlsplit(settings.WECHAT_API_BASE)
    return (host.lower(), port) == (base.hostname, base.port or PORTS.get(base.scheme))


def _may_be_called(address: str) -> bool:
    parsed = _meant(ip_address(address.partition("%")[0]))
    return (parsed.is_global and not parsed.is_multicast) or is_within(str(parsed), settings.VENDOR_NETWORKS)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def goes_by_proxy(scheme: str, host: str) -> bool:
    """Whether the environment has a proxy ask for us."""
    proxies = getproxies()
    return bool((scheme in proxies or "all" in proxies) and not proxy_bypass(host))


class Judging(HTTPAdapter):
    """For `requests`: every address judged, redirects too, and every answer cut off when it grows too long."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Connect to the judged address, and ask there for the name."""
        host_params, pool_kwargs = super().build_connection_pool_key_attributes(request, verify, cert)
        host, scheme = str(host_params["host"]), str(host_params["scheme"])
        if not goes_by_proxy(scheme, host):
            named = host.strip("[]")
            host_params["host"] = address_of(named, int(host_params["port"] or PORTS[scheme]))
            if scheme == "https":
                pool_kwargs |= {"server_hostname": named, "assert_hostname": named}
        return host_params, pool_kwargs

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """A redirect brings the header of the address before it along."""
        request.headers["Host"] = urlsplit(request.url or "").netloc.rpartition("@")[2]
        response = super().send(request, *args, **kwargs)
        response.raw = _Short(response.raw)
        return response


class _Short:
    """A response's body that ends with an error when it is longer than any file that is kept."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        """Its pieces, unpacked; what is cut off is hung up on too."""
        try:
            yield from short(self._raw.stream(*args, **kwargs))
        except SendFailed:
            self._raw.close()
            raise


def short(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces; raises SendFailed beyond the size that a file may have."""
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > settings.MAX_ATTACHMENT_BYTES:
            raise SendFailed("the answer is too large", retry=False)
        yield piece


def session() -> requests.Session:
    """A session of `requests` that goes nowhere inside."""
    made = requests.Session()
    for scheme in PORTS:
        made.mount(f"{scheme}://", Judging())
    return made


class _Transport(httpx.HTTPTransport):
    """For `httpx`: connects to the judged address, and asks there for the name."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The Host header was set from the name before."""
        host, scheme = request.url.host, request.url.scheme
        address = address_of(host, request.url.port or PORTS[scheme])
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=address)
        return super().handle_request(request)


def ask(method: str, url: str, **request: Any) -> httpx.Response:
    """A vendor's answer, read in full; raises SendFailed for an address inside, httpx.HTTPError for trouble."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise refused("it is none") from error
    if parsed.scheme not in PORTS or not parsed.host:
        raise refused("neither http nor https")
    transport = None if goes_by_proxy(parsed.scheme, parsed.host) else _Transport()
    with (
        httpx.Client(transport=transport, timeout=TIMEOUT_SECONDS) as client,
        client.stream(method, parsed, **request) as response,
    ):
        content = b"".join(short(response.iter_bytes(CHUNK)))
    return httpx.Response(response.status_code, headers=_plain(response.headers), content=content)


def _plain(headers: Mapping[str, str]) -> dict[str, str]:
    """Without what was true of the packed body only."""
    return {name: value for name, value in headers.items() if name not in ("content-encoding", "content-length")}
