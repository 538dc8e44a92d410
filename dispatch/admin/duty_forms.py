"""The forms of the duty catalogue: one line, and a whole file."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSingleDateWidget

from dispatch.catalogue_lines import Line


class DutyForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument when the program runs
    """A line; one that stands is not edited but followed by another from a day on."""

    effective = forms.DateField(
        label=gettext_lazy("Counts from"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=gettext_lazy("The line as it stands ends the day before; what was in force on any day can be read."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["effective"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """What an import would refuse, the form refuses too."""
        cleaned: dict[str, Any] = super().clean() or {}
        unit, assisting = cleaned.get("department"), cleaned.get("assisting") or []
        effective = cleaned.get("effective") or cleaned.get("from_date") or timezone.localdate()
        if unit and unit in assisting:
            self.add_error("assisting", _("%(unit)s leads and cannot assist itself.") % {"unit": unit})
        if unit and cleaned.get("level") and cleaned["level"] != unit.level:
            said = _("%(unit)s is a unit of the level “%(own)s”. Write that, or nothing.")
            self.add_error("level", said % {"unit": unit, "own": unit.get_level_display()})
        if self.instance.pk and effective < self.instance.from_date:
            said = _("The line began on %(day)s only.") % {"day": self.instance.from_date}
            self.add_error("effective", ValidationError(said))
        if cleaned.get("to_date") and cleaned["to_date"] < effective:
            said = _("The line would end before it begins on %(day)s.")
            self.add_error("to_date", said % {"day": effective})
        return cleaned

    def line(self) -> Line:
        """What was typed."""
        said = self.cleaned_data
        names = ("matter", "area", "level", "department", "rank", "basis", "to_date")
        return Line(assisting=frozenset(said["assisting"]), **{name: said[name] for name in names})


class UploadForm(forms.Form):
    """The file and the day from which it is to count."""

    file = forms.FileField(label=gettext_lazy("Excel file"), widget=UnfoldAdminFileFieldWidget)
    from_date = forms.DateField(label=gettext_lazy("Counts from"), widget=UnfoldAdminSingleDateWidget)

    def clean_from_date(self) -> date:
        """Who was charged on a day gone by cannot be changed any more."""
        on: date = self.cleaned_data["from_date"]
        if on < timezone.localdate():
            raise ValidationError(_("Choose today or a later day."))
        return on
