"""Who: areas of the city, departments, staff, citizens and the accounts they write from."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode

from hotline.people import auditing
from hotline.people.masking import mask_name, mask_phone
from hotline.people.roles import Role
from hotline.people.sealing import SealedTextField, fingerprint


class Level(models.TextChoices):
    """The four levels of a city's administration (市→区→街镇→村居) and the points below them."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    STREET = "street", _("Street or town")
    COMMUNITY = "community", _("Village or community")
    POI = "poi", _("Place")


class Area(TreeNode):
    """A place of the served city, from the city itself down to a named point."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    level = models.CharField(_("level"), max_length=12, choices=Level)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("other names"))
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lng = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name


class Department(TreeNode):
    """A unit that tickets can be dispatched to (承办单位)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=Level)
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("area")
    )
    active = models.BooleanField(_("in use"), default=True)
    succeeded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("succeeded by")
    )

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name


class DeskState(models.TextChoices):
    """What an agent at the desk is doing (示闲 / 示忙 / 话后整理)."""

    OFFLINE = "offline", _("Offline")
    IDLE = "idle", _("Ready")
    BUSY = "busy", _("Busy")
    WRAPUP = "wrapup", _("Wrap-up")


class Staff(AbstractUser):
    """A person who logs in: agent, lead, department clerk, supervisor, checker, administrator, auditor."""

    display_name = models.CharField(_("name"), max_length=40)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="staff", verbose_name=_("department")
    )
    agent_state = models.CharField(_("state at the desk"), max_length=8, choices=DeskState, default=DeskState.OFFLINE)
    agent_state_reason = models.CharField(_("reason"), max_length=80, blank=True)
    agent_state_since = models.DateTimeField(_("since"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role="department") | models.Q(department__isnull=False),
                name="department_staff_has_department",
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """As the administration greets them: names here are one field."""
        return self.display_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """An auditor looks and changes nothing, whatever else the account is marked as."""
        if self.role == Role.AUDITOR:
            return self.is_active and auditing.may_look(perm)
        return super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """The same for the parts of the administration."""
        if self.role == Role.AUDITOR:
            return self.is_active and auditing.may_open(app_label)
        return super().has_module_perms(app_label)


class Citizen(models.Model):
    """A person or an enterprise that asks; name and phone are sealed at rest and masked on screen."""

    name = SealedTextField(default="", blank=True)
    phone = SealedTextField(default="", blank=True)
    phone_fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")

    def __str__(self) -> str:
        return self.masked_name or self.masked_phone or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search fingerprint beside the sealed phone."""
        self.phone_fingerprint = fingerprint(self.phone)
        super().save(*args, **kwargs)

    @property
    def masked_name(self) -> str:
        """The name as staff see it: 张**."""
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The phone as staff see it: 138****0000."""
        return mask_phone(self.phone)


class ContactPoint(models.Model):
    """One address of a citizen on one channel account: a WeChat openid, a phone number, a web visitor."""

    channel = models.CharField(max_length=20)
    account = models.CharField(max_length=40)
    external_id = models.CharField(max_length=128)
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="contact_points")
    last_word_at = models.DateTimeField(null=True, blank=True)
    reachable = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [models.UniqueConstraint(fields=["channel", "account", "external_id"], name="one_contact_point")]

    def __str__(self) -> str:
        return f"{self.channel}/{self.account}"


class ApiKey(models.Model):
    """A key of another system: found by its SHA-256, told from others by its prefix; scopes, expiry, networks."""

    class Scope(models.TextChoices):
        """What a key may do."""

        REQUESTS_WRITE = "requests:write", _("Send requests in")
        TICKETS_READ = "tickets:read", _("Read tickets")

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("prefix"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), default=list, verbose_name=_("what it may do"))
    allowed_networks = ArrayField(
        models.CharField(max_length=50), default=list, blank=True, verbose_name=_("allowed networks")
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class PersonalDataRead(models.Model):
    """One reading of personal data: a citizen unmasked, a voice heard, a file exported; who, whose, and why.

    An export of many tickets names neither citizen nor ticket; its reason says what was asked for.
    `once` is set where many requests are one reading: a player asks for a sound piece by piece.
    """

    class What(models.TextChoices):
        """What was read."""

        IDENTITY = "identity", _("Name and phone")
        RECORDING = "recording", _("Recording")
        EXPORT = "export", _("Export")
        LIVE_CALL = "live_call", _("Call in progress")

    what = models.CharField(_("what was read"), max_length=10, choices=What, default=What.IDENTITY)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    citizen = models.ForeignKey(
        Citizen, null=True, blank=True, on_delete=models.PROTECT, related_name="reads", verbose_name=_("whose")
    )
    ticket_number = models.CharField(_("ticket number"), max_length=24, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    once = models.CharField(max_length=80, null=True, unique=True, editable=False)  # noqa: DJ001 - null is not unique
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")
        indexes = [
            models.Index(fields=["citizen", "-at"]),
            models.Index(fields=["staff", "-at"], name="reads_of_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} · {self.ticket_number}"
