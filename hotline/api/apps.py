"""The app of the programming interface."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers `hotline.api` under the label `api`."""

    name = "hotline.api"
    label = "api"
