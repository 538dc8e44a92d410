"""The app of people: citizens, staff, departments and areas."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers `hotline.people` under the label `people`."""

    name = "hotline.people"
    label = "people"
    verbose_name = "People"
