"""Sentences of the admin's theme, which brings no Chinese of its own; written here so that they are translated."""

from django.utils.translation import gettext_lazy as _

THEME = (
    _("After you've created a user, you’ll be able to edit more user options."),
    _("Changes"),
    _("Choose file to upload"),
    _("Click to download"),
    _("Current file"),
    _("Dark"),
    _("Date"),
    _("Date from"),
    _("Date to"),
    _("Expand row"),
    _("Filter navigation items"),
    _("Go back"),
    _("Image preview"),
    _("Light"),
    _("More actions"),
    _("No results found"),
    _("Run"),
    _(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can change the "
        'password using <a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
    _("Reset filters"),
    _("Search apps and models..."),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("Select value"),
    _("Toggle password visibility"),
    _("Type to search"),
    _("Value"),
    _("parent"),
)
"""As the theme and the library of trees write them."""
