"""`hotline doctor`: check the installation, and say how to mend each thing that is not right."""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hotline.commands import start_django
from hotline.demo.supervisor_home import join_demonstration

MARKS = {"ok": "✔", "absent": "–", "broken": "✘"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, absent (the product goes on without it) or broken (it cannot)."""

    name: str
    state: str
    detail: str
    remedy: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Print a line for each check; 1 when something the product cannot do without is broken."""
    join_demonstration()
    from django.core.exceptions import ImproperlyConfigured

    try:
        start_django()
    except ImproperlyConfigured as error:
        show(Finding("settings", "broken", str(error)))
        return 1
    findings = list(_findings())
    for finding in findings:
        show(finding)
    return int(any(finding.state == "broken" for finding in findings))


def show(finding: Finding) -> None:
    """A line for what was found, and one for how to mend it."""
    print(f"{MARKS[finding.state]} {finding.name}: {finding.detail}")
    if finding.remedy:
        print(f"    → {finding.remedy}")


def _findings() -> Iterator[Finding]:
    yield _tried("database", _database, "check DATABASE_URL and that PostgreSQL runs; then `python manage.py migrate`")
    yield _tried("redis", _redis, "check REDIS_URL and that Redis or Valkey runs")
    yield _tried("screens", _screens, "run `make screens`")
    yield _understanding()
    yield from _speech()
    yield from _tried_many("rules", _rules)
    yield from _tried_many("channels", _channels)
    yield from _exchange()
    yield _outside()
    yield from _calls()


def _tried(name: str, check: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(name, "ok", check())
    except Exception as error:  # the doctor reports whatever is wrong
        return Finding(name, "broken", f"{type(error).__name__}: {error}".strip().splitlines()[0], remedy)


def _tried_many(name: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except Exception as error:  # the doctor reports whatever is wrong
        return [Finding(name, "broken", type(error).__name__, "mend the database first")]


def _database() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("select version(), show_trgm('噪音扰民') <> '{}'")
        version, chinese = cursor.fetchone()
    if not chinese:
        raise RuntimeError("the cluster is not UTF-8: searching Chinese finds nothing; create it with C.UTF-8")
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise RuntimeError(f"{len(waiting)} migrations have not been applied")
    return str(version).split(" on ")[0]


def _redis() -> str:
    import redis
    from django.conf import settings

    info: Any = redis.Redis.from_url(settings.REDIS_URL).info("server")
    return f"{info.get('server_name', 'redis')} {info.get('valkey_version', info['redis_version'])}"


def _screens() -> str:
    from agent_console.screens import built

    missing = [name for name in ("desk", "portal", "supervision", "wallboard") if built(name) is None]
    if missing:
        raise RuntimeError(f"not built: {', '.join(missing)}")
    return "built"


def _understanding() -> Finding:
    from dispatch.understanding import understander

    found = _tried("suggestions", lambda: "model loaded" if understander() else "", "")
    if found.state == "ok" and found.detail:
        return found
    remedy = "run `hotline train --starting --out $HOTLINE_MODEL_DIR/understanding`"
    return Finding("suggestions", "absent", found.detail or "no model: tickets come without suggestions", remedy)


def _speech() -> Iterator[Finding]:
    from django.conf import settings

    from nlp.speech.engines import survey
    from nlp.speech.settings import SpeechSettings

    remedy = "run `hotline fetch-model` (or `hotline fetch-model --file ZIP` on a closed network)"
    for name, availability in survey(SpeechSettings(models_dir=settings.MODEL_DIR)).items():
        state = "ok" if availability.ok else "absent"
        yield Finding(f"speech/{name}", state, availability.reason or "ready", "" if availability.ok else remedy)


def _rules() -> list[Finding]:
    from django.utils import timezone

    from dispatch import calendar
    from dispatch.models import PackInForce

    pack = PackInForce.objects.filter(from_date__lte=timezone.localdate()).select_related("pack").first()
    if pack is None:
        return [Finding("rules", "broken", "no rule pack is in force", "choose one in /admin/")]
    unknown = [Finding("calendar", "absent", sentence) for sentence in calendar.warnings()]
    return [Finding("rules", "ok", f"{pack.pack} since {pack.from_date}"), *unknown]


def _channels() -> list[Finding]:
    from channels_ingest import registry
    from channels_ingest.checks import missing_options
    from channels_ingest.models import ChannelAccount

    found = []
    for account in ChannelAccount.objects.filter(active=True).order_by("adapter", "name"):
        adapter = registry.get(account.adapter)
        missing = [f"{name} missing" for name in missing_options(adapter, account.options)]
        wrong = missing or adapter.problems(account)
        outages = [] if wrong else adapter.outages(account)
        detail = ", ".join(wrong or outages)
        remedy = "set it in the account (/admin/), or the environment variable that it names" if wrong else ""
        found.append(Finding(f"channel {account}", "broken" if detail else "ok", detail or "configured", remedy))
    return found or [Finding("channels", "absent", "no channel account", "add one in /admin/")]


def _calls() -> Iterator[Finding]:
    """Changes of calls that the database never took: their callers may wait to be called back."""
    from hotline.calls import refused

    if count := refused.count():
        remedy = f"read {refused.aside(refused.journal())} and the telephone's log, then move the file away"
        yield Finding("calls", "broken", f"{count} changes of calls could not be written down", remedy)


def _outside() -> Finding:
    """Whether agents can call anybody outside; that a call is answered there, only a call can tell."""
    from django.conf import settings

    if not settings.TELEPHONY_SIP_TRUNK:
        remedy = "set HOTLINE_SIP_TRUNK (docs/exchange.md)"
        return Finding("calls outside", "absent", "no trunk: nobody is called back or transferred by SIP", remedy)
    return _tried("calls outside", _trunk, "check HOTLINE_SIP_TRUNK, HOTLINE_SIP_PORT and HOTLINE_SIP_NETWORKS")


def _trunk() -> str:
    import socket
    from ipaddress import ip_address, ip_network

    from django.conf import settings

    from channels_ingest.telephony.calls import PRIVATE_NETWORKS

    if not settings.TELEPHONY_SIP_PORT:
        raise RuntimeError("HOTLINE_SIP_PORT is 0: the hotline speaks no SIP")
    host, _, port = settings.TELEPHONY_SIP_TRUNK.partition(":")
    address = str(socket.getaddrinfo(host, int(port or 5060), family=socket.AF_INET)[0][4][0])
    allowed = settings.TELEPHONY_SIP_NETWORKS or PRIVATE_NETWORKS
    if not any(ip_address(address) in ip_network(network) for network in allowed):
        raise RuntimeError(f"{address} is not of the networks that the hotline speaks with")
    return settings.TELEPHONY_SIP_TRUNK


def _exchange() -> Iterator[Finding]:
    """Only whether the exchange answers; `hotline check-pbx` asks it everything."""
    from django.conf import settings

    from channels_ingest.telephony.ami.client import session
    from channels_ingest.telephony.ami.settings import AmiSettings

    if not settings.TELEPHONY_AMI_HOST:
        return

    async def version() -> str:
        async with session(AmiSettings.from_settings()) as client:
            return "Asterisk " + (await client.act("CoreSettings"))["AsteriskVersion"]

    yield _tried("exchange", lambda: asyncio.run(version()), "run `hotline check-pbx`, which says what to mend")
