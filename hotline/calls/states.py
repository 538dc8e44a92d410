"""Where a call and an agent stand, and how a call can end."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallState(models.TextChoices):
    """Where a call stands."""

    INCOMING = "incoming", _("Incoming")
    DIALLING = "dialling", _("Being called")
    QUEUED = "queued", _("Waiting")
    RINGING = "ringing", _("Ringing at an agent")
    TALKING = "talking", _("Talking")
    HELD = "held", _("On hold")
    CONSULTING = "consulting", _("Agent asks somebody")
    TRANSFERRING = "transferring", _("Given to a number outside")
    CONFERENCE = "conference", _("Three-way")
    VOICEMAIL = "voicemail", _("Leaving a message")
    WRAPUP = "wrapup", _("Wrap-up")
    CLOSED = "closed", _("Ended")


class Outcome(models.TextChoices):
    """How a call ended; every call has exactly one."""

    COMPLETED = "completed", _("Completed")
    ABANDONED_QUEUE = "abandoned_queue", _("Hung up while waiting")
    ABANDONED_RINGING = "abandoned_ringing", _("Hung up while it rang")
    NO_AGENT = "no_agent", _("No agent was free")
    AFTER_HOURS = "after_hours", _("After hours")
    FAILED = "failed", _("Broken off by a fault")
    REFUSED = "refused", _("Refused: more calls than the telephone takes")
    NO_ANSWER = "no_answer", _("Nobody answered")
    BUSY = "busy", _("Line busy")
    CANCELLED = "cancelled", _("Given up while it rang")


UNREACHED = frozenset({Outcome.NO_ANSWER, Outcome.BUSY, Outcome.CANCELLED})
"""Ends of our own calls to citizens, before anybody has answered."""

MISSED = frozenset(Outcome) - UNREACHED - {Outcome.COMPLETED}
"""Ends after which the caller is called back."""


class AgentState(models.TextChoices):
    """What an agent's telephone is doing."""

    OFFLINE = "offline", _("Offline")
    IDLE = "idle", _("Ready")
    RINGING = "ringing", _("Ringing")
    BUSY = "busy", _("In a call")
    HELD = "held", _("Caller on hold")
    WRAPUP = "wrapup", _("Wrap-up")
    PAUSED = "paused", _("Busy")
