"""The screens' own words for codes are the server's, in both languages: no two pages name a thing differently."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import agent_console
from hotline.people.roles import Role
from hotline.tickets.models import RequestType, Satisfaction, UrgencyLevel
from hotline.tickets.states import State

WORDS = Path(agent_console.__file__).parent / "frontend" / "src" / "words"
ENTRY = re.compile(r"'([\w.\-]+)': '((?:[^'\\]|\\.)*)'")
SHARED = {
    "state": State.choices,
    "type": RequestType.choices,
    "urgency": UrgencyLevel.choices,
    "role": Role.choices,
    "satisfied": Satisfaction.choices,
}


def words(language: str) -> dict[str, str]:
    """Every word of the screens in a language."""
    return dict(ENTRY.findall((WORDS / f"{language}.ts").read_text()))


@pytest.mark.parametrize(("language", "file"), [("zh-hans", "zh"), ("en", "en")])
@pytest.mark.parametrize("prefix", SHARED)
def test_screens_and_server_call_a_code_the_same(language: str, file: str, prefix: str) -> None:
    screens = words(file)
    with translation.override(language):
        server = {f"{prefix}.{code}": str(label) for code, label in SHARED[prefix]}
    assert {code: screens.get(code) for code in server} == server
