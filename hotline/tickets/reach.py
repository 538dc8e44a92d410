"""How words reach a citizen on each channel, as the channels declare it at start-up.

The screens say before somebody types whether the words will arrive; what a channel can do is
known to its adapter alone, which tickets do not import.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hotline.people.models import ContactPoint
from hotline.tickets import clock


@dataclass(frozen=True, slots=True)
class Reach:
    """What a channel can carry; `window`: how long after the citizen's last word free text passes.

    `templates`: an approved notice passes even after the window. `short_messages`: it is one of the SMS channels.
    """

    label: str | Promise
    push: bool
    window: timedelta | None = None
    templates: bool = False
    short_messages: bool = False
    max_text: int | None = None


@dataclass(frozen=True, slots=True)
class ReplyChannel:
    """Where words to one citizen go, whether they would arrive now, and what to know about it."""

    slug: str
    label: str
    can_push: bool
    window_ends_at: datetime | None
    max_text: int | None
    note: str


_declared: dict[str, Reach] = {}


def declare(slug: str, reach: Reach) -> None:
    """A channel says what it can carry; called once for each at start-up."""
    _declared[slug] = reach


def label_of(slug: str) -> str:
    """The channel's name as staff read it."""
    return str(_declared[slug].label) if slug in _declared else slug


def all_channels() -> dict[str, Reach]:
    """Every channel of this installation by its slug."""
    return dict(_declared)


def reply_channel(contact: ContactPoint) -> ReplyChannel:
    """How words written now would reach the citizen behind `contact`."""
    reach = _declared.get(contact.channel, Reach(contact.channel, push=False))
    pushes = reach.push and contact.reachable
    ends_at = contact.last_word_at + reach.window if reach.window and contact.last_word_at else None
    over = reach.window is not None and (ends_at is None or ends_at <= clock.now())
    note = ""
    if not pushes or (over and not reach.templates):
        note = _("This channel cannot carry words now; they go as a short message if a number is known.")
    elif over:
        note = _("The channel's time for free words is over; the citizen gets a notice with a link.")
    return ReplyChannel(contact.channel, label_of(contact.channel), pushes and not over, ends_at, reach.max_text, note)
