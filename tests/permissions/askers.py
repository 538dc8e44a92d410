"""Everybody who may knock: nobody, keys, each role, the handling unit and another, somebody who has left."""

from django.test import Client

from hotline.people import apikeys
from hotline.people.models import ApiKey
from tests.factories import Cast, staff

ASKERS = (
    "nobody",
    "former",
    "key",
    "intake_key",
    "agent",
    "lead",
    "unit",
    "other_unit",
    "supervisor",
    "quality",
    "admin",
    "auditor",
)


def doors(cast: Cast) -> dict[str, Client]:
    """A browser or a system for each of ASKERS; `unit` handles the cast's tickets, `other_unit` none."""
    people = {
        "agent": cast.agent,
        "lead": cast.lead,
        "unit": cast.clerk,
        "other_unit": cast.other_clerk,
        "supervisor": cast.supervisor,
        "quality": cast.quality,
        "admin": cast.admin,
        "auditor": cast.auditor,
        "former": staff("lead"),
    }
    found = {"nobody": Client()}
    for name, scope in (("key", ApiKey.Scope.TICKETS_READ), ("intake_key", ApiKey.Scope.REQUESTS_WRITE)):
        _row, plain = apikeys.issue(name=name, scopes=[scope])
        found[name] = Client(headers={"authorization": f"Bearer {plain}"})
    for name, person in people.items():
        found[name] = Client()
        found[name].force_login(person)
    people["former"].is_active = False
    people["former"].save()
    return {name: found[name] for name in ASKERS}
