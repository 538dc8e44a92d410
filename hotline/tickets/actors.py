"""Who does a verb: a member of staff, the citizen, or the system's own clock and assistant."""

from dataclasses import dataclass

from hotline.people.models import Staff


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is "staff", "citizen" or "system"; only staff carry a person."""

    kind: str
    staff: Staff | None = None


CITIZEN = Actor("citizen")
SYSTEM = Actor("system")


def staff(person: Staff) -> Actor:
    """The actor for a logged-in member of staff."""
    return Actor("staff", person)
