"""The app of the staff's screens."""

from django.apps import AppConfig


class AgentConsoleConfig(AppConfig):
    """Registers `agent_console`."""

    name = "agent_console"
    verbose_name = "Agent console"
