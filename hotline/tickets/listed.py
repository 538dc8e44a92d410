"""The closed lists where a verb records one of their codes: in force today, or refused as a wrong field."""

from django.utils.translation import gettext as _

from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import List, ListEntry

OTHER = "other"
"""The entry that is recorded where nobody named one: the reason then stands in words only."""


def in_force(which: List, code: str, field: str = "code") -> str:
    """`code` as it is recorded, "other" where it is empty; InvalidFields when the list does not have it today."""
    code = code or OTHER
    if not ListEntry.objects.in_force(which).filter(code=code).exists():
        raise InvalidFields({field: [_("Choose an entry of the list that is in force.")]})
    return code
