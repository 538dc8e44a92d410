"""Writing down who read personal data: unmasked a citizen, played a voice, took a file away."""

from django.utils import timezone

from hotline.people.models import Citizen, PersonalDataRead, Staff

What = PersonalDataRead.What
LONGEST_REASON = PersonalDataRead._meta.get_field("reason").max_length or 0


def unmasked(staff: Staff, *, citizen: Citizen | None, reason: str, number: str = "") -> None:
    """Somebody read name or phone in clear, of a ticket or of a call to return."""
    PersonalDataRead.objects.create(staff=staff, citizen=citizen, ticket_number=number, reason=reason)


def exported(staff: Staff, *, reason: str, citizen: Citizen | None = None, number: str = "") -> None:
    """Somebody took data away in a file; of one ticket, or of as many as `reason` says."""
    PersonalDataRead.objects.create(
        what=What.EXPORT, staff=staff, citizen=citizen, ticket_number=number, reason=reason[:LONGEST_REASON]
    )


def opened(staff: Staff, *, what: What, file: int | str, citizen: Citizen | None, number: str, reason: str) -> None:
    """Somebody opened a file that tells who asks; once an hour, since a player asks for it piece by piece."""
    hour = timezone.now().strftime("%Y%m%d%H")  # in UTC
    row = PersonalDataRead(
        what=what,
        staff=staff,
        citizen=citizen,
        ticket_number=number,
        reason=reason[:LONGEST_REASON],
        once=f"{what}:{file}:{staff.pk}:{hour}",
    )
    PersonalDataRead.objects.bulk_create([row], ignore_conflicts=True)
