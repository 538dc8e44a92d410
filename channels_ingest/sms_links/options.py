"""The settings that every SMS link has, whatever protocol it speaks, read from an account and checked in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels_ingest.adapter import Option

SHARED = (
    Option("host", "Gateway's address (网关地址)"),
    Option("port", "Gateway's port"),
    Option("source", "Service number that citizens see (接入号)"),
    Option("sign_name", "Signature (短信签名)", required=False),
    Option("number_prefix", "Put before each number, such as 86", required=False),
    Option("window", "Unanswered pieces at a time (16)", required=False),
    Option("rate", "Pieces a second (20)", required=False),
    Option("keep_alive", "Seconds of silence before the link is tested (30)", required=False),
    Option("tls", "true: the connection is encrypted", required=False),
)


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """Where the gateway is and how much it takes."""

    host: str
    port: int
    window: int = 16
    rate: float = 20.0
    keep_alive: float = 30.0
    tls: bool = False


def link_options(options: Mapping[str, Any]) -> LinkOptions:
    """Raises ValueError naming the setting that is wrong."""
    return LinkOptions(
        host=text(options, "host", most=253),
        port=int(number(options, "port", 0, least=1, most=65535)),
        window=int(number(options, "window", 16, least=1, most=1000)),
        rate=number(options, "rate", 20, least=0.1, most=2000),
        keep_alive=number(options, "keep_alive", 30, least=0.05, most=3600),
        tls=options.get("tls") in (True, "true", "1"),
    )


def text(options: Mapping[str, Any], name: str, *, most: int, least: int = 1) -> str:
    """A setting of plain letters and digits that fits the field it goes into."""
    value = str(options.get(name) or "")
    if not least <= len(value) <= most or not value.isascii():
        bounds = f"{most}" if least == most else f"{least} to {most}"
        raise ValueError(f"{name}: {bounds} letters or digits")
    return value


def number(options: Mapping[str, Any], name: str, default: float, *, least: float, most: float) -> float:
    """A setting that is a number within bounds."""
    try:
        value = float(options.get(name) or default)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: not a number") from None
    if not least <= value <= most:
        raise ValueError(f"{name}: from {least:g} to {most:g}")
    return value
