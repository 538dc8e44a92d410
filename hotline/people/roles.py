"""The roles of staff; what each may do to a ticket stands in hotline.tickets.access."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """One role per member of staff."""

    AGENT = "agent", _("Agent")
    LEAD = "lead", _("Shift lead")
    DEPARTMENT = "department", _("Department")
    SUPERVISOR = "supervisor", _("Supervisor")
    QUALITY = "quality", _("Quality and follow-up")
    ADMIN = "admin", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


HOTLINE_ROLES = frozenset({Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.QUALITY})
"""Those who work in the hotline centre and see every ticket."""
