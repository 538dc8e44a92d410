"""What people typed is text in every workbook that leaves the product, whatever a spreadsheet would make of it."""

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from dispatch.models import Duty
from hotline.people.models import Department, Staff
from hotline.tickets.models import Matter
from tests.api.conftest import Browser
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x","y")'
PASTED = FORMULA + "\x0b" + "第二行"
"""With the line break that a word processor leaves, which no workbook can hold."""


def formulas(answer: Any) -> tuple[int, list[str]]:
    """How many cells begin as a formula does, and which of them a spreadsheet would reckon."""
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cells = [cell for sheet in load_workbook(io.BytesIO(body)) for row in sheet.iter_rows() for cell in row]
    like = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith("=")]
    return len(like), [cell.coordinate for cell in like if cell.data_type != "s" or not cell.quotePrefix]


@pytest.fixture
def unit(cast: Cast) -> Department:
    cast.unit.name = cast.unit.short_name = PASTED
    cast.unit.save()
    return cast.unit


def test_list_of_tickets(cast: Cast, unit: Department) -> None:
    row = ticket(text=FORMULA, contact=contact(name=FORMULA))
    agent = Browser(cast.agent)
    assert agent.act(row.number, "accept", 1, title=FORMULA, place={"address": FORMULA}).status_code == 200
    assert agent.act(row.number, "dispatch", 2, department=unit.code).status_code == 200
    count, reckoned = formulas(agent.client.get("/api/v1/tickets.xlsx"))
    assert (count, reckoned) == (5, [])


def test_duty_catalogue(cast: Cast, unit: Department) -> None:
    matter = Matter.objects.create(code="99f", name=FORMULA)
    Duty.objects.create(matter=matter, department=unit, basis=PASTED, from_date=date(2020, 1, 1))
    Staff.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    count, reckoned = formulas(client.get("/admin/dispatch/duty/export/"))
    assert count >= 3
    assert reckoned == []
