"""The data of a ticket's life, one file for each part of it."""

from hotline.tickets.models.alarm import Alarm
from hotline.tickets.models.anchors import Anchor, AnchorLeaf
from hotline.tickets.models.assignment import Assignment
from hotline.tickets.models.deadline import Card, Clock, Deadline
from hotline.tickets.models.ledger import LedgerEntry
from hotline.tickets.models.lists import List, ListEntry
from hotline.tickets.models.matter import Matter, RequestType, UrgencyLevel
from hotline.tickets.models.orders import (
    Draft,
    ExtensionRequest,
    Merge,
    Recusal,
    SetAside,
    Supervision,
    Suspension,
)
from hotline.tickets.models.promise import Promise
from hotline.tickets.models.ratings import FollowUp, Rating, Satisfaction
from hotline.tickets.models.returns import Consultation, Opinion, Precedent, ReturnRequest
from hotline.tickets.models.thread import Attachment, Message
from hotline.tickets.models.ticket import CallBack, Ticket

__all__ = [
    "Alarm",
    "Anchor",
    "AnchorLeaf",
    "Assignment",
    "Attachment",
    "CallBack",
    "Card",
    "Clock",
    "Consultation",
    "Deadline",
    "Draft",
    "ExtensionRequest",
    "FollowUp",
    "LedgerEntry",
    "List",
    "ListEntry",
    "Matter",
    "Merge",
    "Message",
    "Opinion",
    "Precedent",
    "Promise",
    "Rating",
    "Recusal",
    "RequestType",
    "ReturnRequest",
    "Satisfaction",
    "SetAside",
    "Supervision",
    "Suspension",
    "Ticket",
    "UrgencyLevel",
]
