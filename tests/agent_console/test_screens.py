"""What the pages of the screens let the browser reach."""

import re
from typing import Any

import pytest
from django.test import Client, override_settings

from agent_console import screens
from tests.factories import staff

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def policy(client: Client, page: str, **where: str) -> dict[str, str]:
    """The page's content policy, by directive."""
    header = client.get(page, headers=where).headers["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


def test_only_the_desk_may_connect_to_the_telephone(client: Client) -> None:
    client.force_login(staff("lead"), backend=BACKEND)
    with override_settings(PHONE_SOCKET_URL="", TELEPHONY_BROWSER_PORT=8090):
        assert policy(client, "/desk/")["connect-src"] == "'self' ws://testserver:8090"
        assert policy(client, "/desk/", host="127.0.0.1:8000")["connect-src"] == "'self' ws://127.0.0.1:8090"
        assert "connect-src" not in policy(client, "/supervision/")
    with override_settings(PHONE_SOCKET_URL="/phone/"):
        assert policy(client, "/desk/", host="127.0.0.1:8000")["connect-src"] == "'self' ws://127.0.0.1:8000"
    with override_settings(PHONE_SOCKET_URL="wss://phone.example.cn/phone/"):
        assert policy(client, "/desk/")["connect-src"] == "'self' wss://phone.example.cn"
    assert policy(client, "/desk/")["default-src"] == "'self'"


def test_a_screen_says_that_it_opens_before_its_styles_and_asks_for_all_its_parts_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Any] = {
        "src/portal/main.ts": {"file": "assets/portal.js", "css": ["assets/portal.css"], "imports": ["_shared.js"]},
        "_shared.js": {"file": "assets/shared.js", "css": ["assets/shared.css"], "imports": ["_deep.js"]},
        "_deep.js": {"file": "assets/deep.js"},
    }
    monkeypatch.setattr(screens, "_manifest", lambda: made)
    client.force_login(staff("department"), backend=BACKEND)
    page = client.get("/portal/").content.decode()
    assert sorted(re.findall(r'modulepreload" href="/static/screens/assets/(\w+).js"', page)) == ["deep", "shared"]
    assert re.findall(r'stylesheet" href="/static/screens/assets/(\w+).css"', page) == ["shared", "portal"]
    assert page.index('class="opening"') < page.index("assets/shared.css")
