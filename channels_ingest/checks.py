"""Start-up checks: every adapter is whole, every active account has what its adapter needs."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from channels_ingest import registry
from channels_ingest.adapter import Adapter


@register(Tags.compatibility)
def adapters_are_whole(**kwargs: Any) -> list[CheckMessage]:
    """An adapter names itself, says what it can do, and is safe when its vendor signs nothing."""
    return [problem for adapter in registry.all_adapters().values() for problem in _problems(adapter)]


def _problems(adapter: Adapter) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if len(adapter.slug) > 20 or adapter.slug != adapter.slug.lower():
        found.append(Error(f"{adapter.slug!r} is no short lower-case name.", id="channels_ingest.E001"))
    can = adapter.capabilities
    if can.push and type(adapter).send is Adapter.send:
        found.append(Error(f"{adapter.slug} says it can push, but has no send().", id="channels_ingest.E002"))
    if can.templates and can.push_window is None:
        found.append(Error(f"{adapter.slug} has templates but no window.", id="channels_ingest.E003"))
    return found


@register(Tags.database)
def accounts_are_configured(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What accounts miss; asked only when the database is checked (`check --database default`)."""
    from channels_ingest.models import ChannelAccount

    # `migrate` asks before there are tables.
    if not databases or ChannelAccount._meta.db_table not in connection.introspection.table_names():
        return []
    found: list[CheckMessage] = []
    for account in ChannelAccount.objects.filter(active=True):
        adapter = registry.all_adapters().get(account.adapter)
        if adapter is None:
            found.append(Error(f"{account}: there is no such channel.", id="channels_ingest.E010"))
            continue
        missing = missing_options(adapter, account.options)
        if missing:
            hint = "Set them in the account, or the environment variables it names."
            text = f"{account}: {', '.join(missing)} missing."
            found.append(Warning(text, hint=hint, id="channels_ingest.W011"))
        for problem in [] if missing else adapter.problems(account):
            found.append(Warning(f"{account}: {problem}.", hint="Mend it in the account.", id="channels_ingest.W012"))
    return found


def missing_options(adapter: Adapter, options: Any) -> list[str]:
    """The names of required settings that are empty."""
    return [option.name for option in adapter.options if option.required and not options.get(option.name)]
