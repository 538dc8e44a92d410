"""Kind and Fact: the names of everything that can happen to a ticket, and what every fact can do."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kind of a ledger line."""

    RECEIVED = "received", _("Request received")
    WORDS_ADDED = "words_added", _("Citizen added words")
    MEDIA_KEPT = "media_kept", _("File kept")
    EVIDENCE_ADDED = "evidence_added", _("Evidence added")
    TRANSCRIBED = "transcribed", _("Voice transcribed")
    SUGGESTED = "suggested", _("Assistant suggested")
    ESCALATED = "escalated", _("Danger heard")
    ALARM_SEEN = "alarm_seen", _("Alarm seen")
    ACCEPTED = "accepted", _("Accepted")
    EDITED = "edited", _("Edited")
    REPLIED = "replied", _("Replied to the citizen")
    INFO_REQUESTED = "info_requested", _("Information asked for")
    REFUSED = "refused", _("Not accepted")
    EMERGENCY = "emergency", _("Handed to emergency services")
    ANSWERED_DIRECTLY = "answered_directly", _("Answered directly")
    DISPATCHED = "dispatched", _("Dispatched")
    RECALLED = "recalled", _("Dispatch taken back")
    UNITS_ADDED = "units_added", _("Assisting units added")
    UNIT_RELEASED = "unit_released", _("Assisting unit released")
    PASSED_DOWN = "passed_down", _("Passed to a unit below")
    PASSED_UP = "passed_up", _("Handed back to the unit above")
    SIGNED = "signed", _("Signed for")
    CONTACTED = "contacted", _("Citizen contacted")
    RELAYED = "relayed", _("Unit wrote through the hotline")
    RETURN_REQUESTED = "return_requested", _("Return requested")
    RETURN_UPHELD = "return_upheld", _("Return upheld")
    RETURN_REFUSED = "return_refused", _("Return refused")
    OPINION_GIVEN = "opinion_given", _("Opinion given")
    CONSULTATION_RULED = "consultation_ruled", _("Ruled after consultation")
    EXTENSION_REQUESTED = "extension_requested", _("Extension requested")
    EXTENSION_GRANTED = "extension_granted", _("Extension granted")
    EXTENSION_REFUSED = "extension_refused", _("Extension refused")
    SUSPENDED = "suspended", _("Suspended")
    RESUMED = "resumed", _("Resumed")
    UNIT_ANSWERED = "unit_answered", _("Unit answered")
    ANSWERED = "answered", _("Answered")
    REVIEW_PASSED = "review_passed", _("Answer approved")
    REVIEW_FAILED = "review_failed", _("Answer sent back")
    FOLLOWED_UP = "followed_up", _("Followed up")
    RATED = "rated", _("Rated")
    REWORK = "rework", _("Sent to rework")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    MERGED = "merged", _("Merged")
    CHILD_MERGED = "child_merged", _("Took in a merged ticket")
    UNMERGED = "unmerged", _("Merge undone")
    CHILD_UNMERGED = "child_unmerged", _("Gave back a merged ticket")
    SPLIT = "split", _("Split")
    URGED = "urged", _("Urged")
    SUPERVISED = "supervised", _("Under supervision")
    ORDER_ANSWERED = "order_answered", _("Unit replied to the order")
    SUPERVISION_ENDED = "supervision_ended", _("Supervision ended")
    CROWD_NOTICED = "crowd_noticed", _("Crowd at the place")
    CARD_SHOWN = "card_shown", _("Card shown")
    LIMIT_MOVED = "limit_moved", _("Limit moved")
    SET_ASIDE_REQUESTED = "set_aside_requested", _("Setting aside asked for")
    SET_ASIDE_APPROVED = "set_aside_approved", _("Set aside")
    SET_ASIDE_REFUSED = "set_aside_refused", _("Setting aside refused")
    RECUSED = "recused", _("Stood back")
    PROMISED = "promised", _("Promise noted")
    PROMISE_DUE = "promise_due", _("Promised day passed")
    PROMISE_SETTLED = "promise_settled", _("Promise settled")
    NOTED = "noted", _("Noted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DELIVERY_FAILED = "delivery_failed", _("Message could not be delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What happened; its fields are the `data` of the line."""

    kind: ClassVar[Kind]

    def data(self) -> dict[str, Any]:
        """The fields as JSON values: moments in ISO 8601, absent ones left out."""
        return {name: _plain(value) for name, value in asdict(self).items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
