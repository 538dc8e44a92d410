"""What the pages of the screens let the browser reach."""

import pytest
from django.test import Client, override_settings

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
