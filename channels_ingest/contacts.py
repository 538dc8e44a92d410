"""Who is writing: the citizen behind an address of a channel, found or made, and locked."""

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
    citizen = contact.citizen
    name, phone = citizen.name or sender.name, citizen.phone or sender.phone
    if (name, phone) != (citizen.name, citizen.phone):
        citizen.name, citizen.phone = name, phone
        citizen.save()


def gone(contact: ContactPoint) -> None:
    """They no longer follow the account: nothing can be sent there."""
    contact.reachable = False
    contact.save(update_fields=["reachable"])
