"""Hot issues (热点) of the city's own tickets: one matter at one place gathered, with all that made it hot."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dispatch.calendar import city_time
from dispatch.models import Study
from hotline.tickets.confiding import struck_out
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from nlp.topics import Issue, Report, hot_issues

TOP = 20
SHOWN = 30
"""Tickets of an issue that are named, those that stand for it first."""
MOST = 20_000
"""Tickets compared with one another; of a longer period the newest."""
STEPS = 3


def work_out(study: Study, since: datetime, until: datetime, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """The hottest issues of the period."""
    tell(0, STEPS)
    every = Ticket.objects.filter(created_at__gte=since, created_at__lt=until, split_from=None).exclude(text="")
    every = every.exclude(state=State.WITHDRAWN)
    total = every.count()
    tickets = list(every.select_related("citizen").order_by("-pk")[:MOST])
    tell(1, STEPS)
    issues = hot_issues([_report(ticket) for ticket in tickets], TOP)
    tell(STEPS, STEPS)
    return {
        "tickets": len(tickets),
        "left_out": total - len(tickets),
        "issues": [_kept(issue, tickets) for issue in issues],
    }


def _report(ticket: Ticket) -> Report:
    """What is compared; of a protected citizen without all that tells who they are, as the place read from it shows."""
    title, text = ticket.title, ticket.text
    if ticket.confidential:
        title, text = struck_out(title, ticket.citizen), struck_out(text, ticket.citizen)
    at = ticket.created_at.astimezone(city_time())
    return Report(title=title, text=text, at=at, person=str(ticket.citizen_id))


def _kept(issue: Issue, tickets: list[Ticket]) -> dict[str, Any]:
    heat = issue.heat
    return {
        "heat": heat.value,
        "people": heat.people,
        "days": heat.days,
        "districts": heat.districts,
        "likes": heat.likes,
        "place": issue.place,
        "group": issue.group,
        "first": issue.first.isoformat(),
        "last": issue.last.isoformat(),
        "messages": len(issue.members),
        "numbers": [tickets[at].number for at in issue.members[:SHOWN]],
    }
