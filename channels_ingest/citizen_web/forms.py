"""The citizen's forms: few fields, most of them optional, every refusal a sentence that says what to do."""

import re
import unicodedata
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_ingest import phone_numbers
from channels_ingest.adapter import clean_text
from hotline.tickets.models import RequestType, Satisfaction

LONGEST_WORDS = 5000
LONGEST_MESSAGE = 2000
ANY_TYPE = ("", _("Not sure, you decide"))
TYPES = [choice for choice in RequestType.choices if choice[0] != RequestType.OTHER]
SATISFACTION = sorted(Satisfaction.choices, reverse=True)


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what they are is found out by `uploads.gather`."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every chosen file; an input left empty is no file."""
        return list(data) if isinstance(data, list | tuple) else [data] if data else []

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Offer the kinds that are kept."""
        return {"accept": "image/*,audio/*,video/mp4,.pdf,.docx,.xlsx"}


class WordsField(forms.CharField):
    """What a citizen says, in a box that grows."""

    def __init__(self, *, longest: int = LONGEST_WORDS, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        """One kind of line end, no control characters: the length counted is the length kept."""
        return clean_text((super().to_python(value) or "").replace("\r\n", "\n"))


class SayForm(forms.Form):
    """The first step: one box."""

    text = WordsField(
        rows=7,
        min_length=2,
        label=_("What has happened?"),
        error_messages={
            "required": _("Please say what it is about."),
            "min_length": _("Please say a little more."),
        },
    )


class AskForm(SayForm):
    """The second step: what was understood, to be put right, and what is still missing."""

    type = forms.ChoiceField(
        required=False,
        choices=[*TYPES, ANY_TYPE],
        widget=forms.RadioSelect,
        label=_("What kind of request is it?"),
    )
    address = forms.CharField(
        required=False,
        max_length=200,
        label=_("Where is it?"),
        help_text=_("Street and house number, estate, bus stop, or what stands nearby."),
    )
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lng = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    phone = forms.CharField(
        required=False,
        max_length=20,
        label=_("Your phone number"),
        help_text=_("So that we can call you back. Without it you follow the matter with the code alone."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"}),
    )
    name = forms.CharField(
        required=False,
        max_length=40,
        label=_("Your name"),
        help_text=_("How we may address you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    attached = FilesField(required=False, label=_("Photos or files"))
    enterprise = forms.BooleanField(
        required=False,
        label=_("I ask for an enterprise"),
        help_text=_("Requests of enterprises go straight to the unit that serves them."),
    )
    confidential = forms.BooleanField(
        required=False,
        label=_("Keep my identity confidential"),
        help_text=_("The unit that handles it sees neither your name nor your phone; only the hotline can reach you."),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        """Digits only; full-width ones, spaces and +86 are how people write them."""
        digits = phone_numbers.digits_of(self.cleaned_data["phone"])
        if digits is None:
            raise forms.ValidationError(_("This is not a phone number. Please check it, or leave it empty."))
        return digits

    def clean_address(self) -> str:
        """One line of plain text."""
        return clean_text(self.cleaned_data["address"])

    def clean_name(self) -> str:
        """One line of plain text."""
        return clean_text(self.cleaned_data["name"])


class FollowForm(forms.Form):
    """Number and proof."""

    number = forms.CharField(
        max_length=40,
        label=_("Number"),
        help_text=_("18 digits, beginning with 12345."),
        error_messages={"required": _("Please fill in the number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    proof = forms.CharField(
        max_length=40,
        label=_("Last 4 digits of your phone, or the code"),
        help_text=_("A confidential matter opens with the code only."),
        error_messages={"required": _("Please fill in the last 4 digits of your phone, or the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_number(self) -> str:
        """Without the spaces that make it readable."""
        return plain(self.cleaned_data["number"])

    def clean_proof(self) -> str:
        """Capitals, without spaces."""
        return plain(self.cleaned_data["proof"])


def plain(written: str) -> str:
    """Half-width capitals and digits without anything between them."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", written)).upper()


class MoreForm(forms.Form):
    """More words or files about a matter."""

    text = WordsField(required=False, longest=LONGEST_MESSAGE, rows=4, label=_("Add something"))
    attached = FilesField(required=False, label=_("Photos or files"))
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Either is enough."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data.get("text") or data.get("attached") or self.data.get("held")):
            raise forms.ValidationError(_("Write something, or choose a photo."))
        return data


class MessageForm(forms.Form):
    """One message of a chat."""

    text = WordsField(
        longest=LONGEST_MESSAGE,
        rows=2,
        label=_("Your message"),
        error_messages={"required": _("Write something first.")},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)


class RateForm(forms.Form):
    """Two questions apart: solved? satisfied? Nobody has to answer the first, or say why."""

    satisfied = forms.TypedChoiceField(
        choices=SATISFACTION,
        coerce=int,
        widget=forms.RadioSelect,
        label=_("Are you satisfied?"),
        error_messages={"required": _("Please choose one of the five faces.")},
    )
    solved = forms.TypedChoiceField(
        required=False,
        choices=[("yes", _("Yes, solved")), ("no", _("No, not yet"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        label=_("Is it solved?"),
    )
    words = WordsField(required=False, longest=500, rows=3, label=_("Anything you want to say about it"))
    submission = forms.UUIDField(widget=forms.HiddenInput)


def new_submission() -> uuid.UUID:
    """What makes one form one, however often it is sent."""
    return uuid.uuid4()
