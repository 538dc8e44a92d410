"""The app of the knowledge base."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    """Registers `hotline.knowledge` under the label `knowledge`."""

    name = "hotline.knowledge"
    label = "knowledge"
    verbose_name = _("Knowledge base")
