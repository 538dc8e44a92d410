"""The app of people: citizens, staff, departments and areas."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Registers `hotline.people` under the label `people`."""

    name = "hotline.people"
    label = "people"
    verbose_name = _("People and places")
