"""Figures read from the database at the moment Prometheus asks: tickets by state, lines and messages waiting, links."""

from collections.abc import Iterable

from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from channels_ingest import spool
from channels_ingest.models import OutboundMessage
from channels_ingest.sms_links.models import SmsLinkStatus
from hotline.calls import refused
from hotline.tickets.models import LedgerEntry, Ticket


class Figures(Collector):
    """Four queries a scrape, each on an index or a small count."""

    def collect(self) -> Iterable[Metric]:
        """Tickets by state, unannounced ledger lines, outgoing messages by state, SMS links, calls' refused changes."""
        tickets = GaugeMetricFamily("hotline_tickets", "Tickets by state", labels=["state"])
        for state, count in Ticket.objects.values_list("state").annotate(Count("pk")).order_by():
            tickets.add_metric([state], count)
        yield tickets
        waiting = LedgerEntry.objects.filter(announced_at=None).count()
        yield GaugeMetricFamily("hotline_ledger_unannounced", "Ledger lines not yet followed", value=waiting)
        out = GaugeMetricFamily("hotline_outbound", "Outgoing messages by state", labels=["state"])
        for state, count in OutboundMessage.objects.values_list("state").annotate(Count("pk")).order_by():
            out.add_metric([state], count)
        yield out
        links = GaugeMetricFamily("hotline_sms_link", "Whether each SMS link is connected", labels=["account"])
        for link in SmsLinkStatus.objects.filter(account__active=True).select_related("account"):
            links.add_metric([str(link.account)], float(link.connected and link.held))
        yield links
        spooled = GaugeMetricFamily("hotline_spooled", "Messages on this machine's disk", labels=["state"])
        spooled.add_metric(["waiting"], len(spool.waiting()))
        spooled.add_metric(["aside"], len(spool.aside()))
        yield spooled
        words = "Changes of calls that the database never took"
        yield GaugeMetricFamily("hotline_calls_refused", words, value=refused.count())


# A registry of its own: it is read only when Prometheus asks, never while modules are imported.
FIGURES = CollectorRegistry(auto_describe=False)
FIGURES.register(Figures())
