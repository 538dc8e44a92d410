"""The kinds of field that the bodies of verbs are made of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hotline.people.models import Department
from hotline.tickets import clock
from hotline.tickets.models import List, ListEntry

LONG = 10_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""A moment much before cannot be read again by Python once PostgreSQL has kept it."""
FAST = timedelta(minutes=1)


def words(*, required: bool = True, longest: int = LONG) -> serializers.CharField:
    """A sentence or more; when it may be absent it may be empty too."""
    return serializers.CharField(required=required, allow_blank=not required, max_length=longest)


def unit(*, required: bool = True, many: bool = False) -> Any:
    """A unit that takes tickets, named by its code."""
    units = Department.objects.filter(active=True)
    absent: dict[str, Any] = {} if required or many else {"allow_null": True}
    return serializers.SlugRelatedField(slug_field="code", queryset=units, required=required, many=many, **absent)


def yes_or_no(*, required: bool = True) -> serializers.BooleanField:
    """True, false, or null when it may be absent."""
    return serializers.BooleanField(required=required, allow_null=not required)


def past_moment(*, required: bool = True) -> serializers.DateTimeField:
    """When something was done; a clock that goes a little fast is forgiven."""
    not_later = MaxValueValidator(lambda: clock.now() + FAST, message=_("This moment has not come yet."))
    bounds: list[Any] = [MinValueValidator(EARLIEST), not_later]
    return serializers.DateTimeField(required=required, allow_null=not required, validators=bounds)


class Listed(serializers.SlugRelatedField[Any]):
    """The code of an entry of a closed list, in force today; what is handed on is the code."""

    def __init__(self, which: List, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=ListEntry.objects.all(), **options)
        self.which = which

    def get_queryset(self) -> Any:
        """Only what may be chosen today."""
        return ListEntry.objects.in_force(self.which)

    def to_internal_value(self, data: Any) -> str:
        """The code, once it is known to stand in the list."""
        return str(super().to_internal_value(data).code)
