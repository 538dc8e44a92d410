"""Background jobs as the administrator reads them: in the staff's language, what failed tried again."""

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from dispatch.models import BackgroundJob
from dispatch.tasks import reckon_change
from tests.factories import staff

pytestmark = pytest.mark.django_db
LIST = "/admin/dispatch/backgroundjob/"


@pytest.fixture
def admin(client: Client) -> Client:
    person = staff("admin")
    person.is_staff = person.is_superuser = True
    person.save()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def failed() -> BackgroundJob:
    pk = reckon_change.defer(change=7)
    ProcrastinateJob.objects.filter(pk=pk).update(status="failed")
    return BackgroundJob.objects.get(pk=pk)


def test_the_list_and_the_page_of_a_job_are_in_the_staffs_language(admin: Client, failed: BackgroundJob) -> None:
    page = admin.get(LIST + "?status=failed").content.decode()
    assert [word in page for word in ("后台任务", "失败", "dispatch.tasks.reckon_change")] == [True] * 3
    assert [word in page.lower() for word in ("procrastinate", "task name", "attempts")] == [False] * 3
    one = admin.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert [word in one for word in ("已提交", "&quot;change&quot;: 7")] == [True] * 2
    assert admin.get(LIST + "?status=todo").context["cl"].result_count == 0


def test_what_failed_is_tried_again_and_what_runs_is_not(admin: Client, failed: BackgroundJob) -> None:
    running = BackgroundJob.objects.get(pk=reckon_change.defer(change=8))
    ProcrastinateJob.objects.filter(pk=running.pk).update(status="doing")
    admin.post(LIST, {"action": "retry", "_selected_action": [failed.pk, running.pk]})
    failed.refresh_from_db()
    running.refresh_from_db()
    assert (failed.status, running.status) == ("todo", "doing")
