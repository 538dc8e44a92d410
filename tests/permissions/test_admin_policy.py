"""The admin's looser content security policy stays in the admin."""

import pytest
from django.test import Client

from tests.factories import staff

pytestmark = pytest.mark.django_db


def test_only_the_admin_may_evaluate(client: Client) -> None:
    person = staff("admin")
    person.is_staff = person.is_superuser = True
    person.save()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    inside = client.get("/admin/people/department/")
    assert inside.status_code == 200
    assert "script-src 'self' 'unsafe-eval'" in inside.headers["Content-Security-Policy"]
    for page in ("/", "/login/", "/supervision/", "/api/v1/me"):
        policy = client.get(page).headers["Content-Security-Policy"]
        assert "unsafe" not in policy, page
