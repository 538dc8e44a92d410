"""Who is writing: the citizen behind an address of a channel, found or made, and locked."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from channels_ingest.messages import Sender
from channels_ingest.models import ChannelAccount
from hotline.people.models import Citizen, ContactPoint
from hotline.people.sealing import fingerprint
from hotline.tickets import clock


def locked(account: ChannelAccount, sender: Sender) -> tuple[ContactPoint, bool]:
    """The contact point of `sender`, and whether it is new; locked, for one citizen's messages wait for each other."""
    contact = _find(account, sender)
    if contact is None:
        try:
            with transaction.atomic():
                made = ContactPoint.objects.create(  # a row that nobody else can see yet needs no lock
                    channel=account.adapter,
                    account=account.name,
                    external_id=sender.id,
                    citizen=_citizen_of(sender),
                )
                return made, True
        except IntegrityError:
            contact = _find(account, sender)  # another message of the same citizen was a moment faster
    assert contact is not None
    return contact, False


def _find(account: ChannelAccount, sender: Sender) -> ContactPoint | None:
    rows = ContactPoint.objects.select_for_update(of=("self",)).select_related("citizen")
    return rows.filter(channel=account.adapter, account=account.name, external_id=sender.id).first()


def _citizen_of(sender: Sender) -> Citizen:
    """A known citizen with the same number, else a new one."""
    if sender.phone:
        print_ = fingerprint(sender.phone)
        known = Citizen.objects.filter(phone_fingerprint=print_).order_by("pk").first()
        if known:
            return known
    return Citizen.objects.create(name=sender.name, phone=sender.phone)


def heard(contact: ContactPoint, sender: Sender) -> None:
    """They spoke now, and may have said more about themselves."""
    contact.last_word_at, contact.reachable = clock.now(), True
    contact.save(update_fields=["last_word_at", "reachable"])
    told = {"name": sender.name, "phone": sender.phone}
    known = contact.citizen
    if any(value and not getattr(known, field) for field, value in told.items()):
        _learn(known, told)


def _learn(known: Citizen, told: Mapping[str, str]) -> None:
    """What is not known of them yet; the row is read again, for somebody may have written it down meanwhile."""
    citizen = Citizen.objects.select_for_update().get(pk=known.pk)
    citizen.name, citizen.phone = citizen.name or told["name"], citizen.phone or told["phone"]
    citizen.save()
    known.name, known.phone = citizen.name, citizen.phone


def gone(contact: ContactPoint) -> None:
    """They no longer follow the account: nothing can be sent there."""
    contact.reachable = False
    contact.save(update_fields=["reachable"])
