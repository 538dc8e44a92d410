"""What the citizen's templates need beside Django's own tags; works without a request (error pages)."""

from django import template
from django.conf import settings

register = template.Library()

LANGUAGE_TAGS = {"zh-hans": "zh-Hans"}


@register.simple_tag
def city_name() -> str:
    """The served city, as its people call it."""
    return settings.CITY_NAME


@register.filter
def language_tag(code: str) -> str:
    """Django's language code as browsers and screen readers expect it: zh-hans → zh-Hans."""
    return LANGUAGE_TAGS.get(code, code)


@register.filter
def grouped(number: str) -> str:
    """A ticket's number in groups that can be read aloud: 12345 261121 000017 0."""
    return " ".join(part for part in (number[:5], number[5:11], number[11:17], number[17:]) if part)
