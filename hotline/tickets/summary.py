"""A ticket as every viewer may see it: the facts that live events carry, without the citizen and their code."""

from typing import Any

from django.utils import timezone

from hotline.tickets.models import Ticket

RELATED = ("matter", "area", "department", "holder")
"""What `summary` reads beside the ticket; name them in select_related."""


def summary(ticket: Ticket) -> dict[str, Any]:
    """Codes, words and moments; labels are left to the reader's language. No query when RELATED are loaded."""
    return {
        "number": ticket.number,
        "state": ticket.state,
        "type": ticket.type,
        "matter": ticket.matter.code if ticket.matter else None,
        "matter_name": ticket.matter.name if ticket.matter else "",
        "title": ticket.title,
        "text": ticket.text,
        "summary": ticket.summary,
        "channel": ticket.channel,
        "source": ticket.source,
        "urgency": ticket.urgency,
        "confidential": ticket.confidential,
        "enterprise": ticket.enterprise,
        "place": {
            "area": ticket.area.code if ticket.area else None,
            "area_name": ticket.area.name if ticket.area else "",
            "address": ticket.address,
            "lat": ticket.lat,
            "lng": ticket.lng,
        },
        "department": ticket.department.code if ticket.department else None,
        "department_name": ticket.department.name if ticket.department else "",
        "holder": {"username": ticket.holder.username, "name": str(ticket.holder)} if ticket.holder else None,
        "version": ticket.version,
        "created_at": timezone.localtime(ticket.created_at).isoformat(),
        "updated_at": timezone.localtime(ticket.updated_at).isoformat(),
        "due_at": timezone.localtime(ticket.due_at).isoformat() if ticket.due_at else None,
        "unread": ticket.unread,
        "supervision_level": ticket.supervision_level,
        "satisfied": ticket.satisfied,
    }
