"""Why a clock ends when it does, told with its pauses and extensions."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.explaining import explain
from hotline.tickets import actors, clock, closing, deadlines, lifecycle, pauses
from hotline.tickets.models import Clock, Deadline, Ticket
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def english(settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "en"


def handled(cast: Cast) -> Ticket:
    with clock.at(MONDAY):
        row, by = ticket(), actors.staff(cast.agent)
        lifecycle.accept(ticket=row, by=by, version=row.version, type="consultation")
        lifecycle.dispatch_to(ticket=row, by=by, version=row.version, department=cast.unit)
        lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)
    return row


def answer_of(row: Ticket) -> Deadline:
    return deadlines.required(row, Clock.ANSWER, row.assignments.get())


RECKONED = [
    "广东省政务服务便民热线 2022：咨询 2 个工作日内答复",
    "From 2026-11-23 09:00, 2 working days; the day itself does not count.",
    "2026-11-24 Tue: working day 1",
    "2026-11-25 Wed: working day 2",
]


def test_a_plain_clock_needs_no_query_to_explain_itself() -> None:
    answer = answer_of(handled(Cast()))
    with CaptureQueriesContext(connection) as captured:
        assert explain(answer) == RECKONED
    assert len(captured) == 0


def test_extension_and_pauses_are_told_with_who_and_why() -> None:
    cast = Cast()
    row, by, lead = handled(cast), actors.staff(cast.clerk), actors.staff(cast.lead)
    with clock.at(MONDAY + timedelta(hours=1)):
        pauses.request_extension(ticket=row, by=by, version=row.version, working_days=1, code="joint", reason="会同")
        pauses.rule_on_extension(ticket=row, by=lead, version=row.version, granted=True)
        pauses.suspend(ticket=row, by=lead, version=row.version, reason="等待鉴定")
    extended = [
        *RECKONED,
        "Extended by 1 working day:",
        "From 2026-11-25 23:59, 1 working days; the day itself does not count.",
        "2026-11-26 Thu: working day 1",
    ]
    assert explain(answer_of(row)) == [
        *extended,
        f"Stands still since 2026-11-23 10:00: 等待鉴定 ({cast.lead}).",
        "Now due: 2026-11-26 23:59.",
    ]
    with clock.at(MONDAY + timedelta(hours=3, minutes=30)):
        pauses.resume(ticket=row, by=lead, version=row.version)
    given_back = "From 2026-11-23 10:00 to 2026-11-23 12:30 the clock stood still: no time that counts passed."
    assert explain(answer_of(row)) == [
        *extended,
        given_back,
        f"Stood still from 2026-11-23 10:00 to 2026-11-23 12:30 (2:30): 等待鉴定 ({cast.lead}).",
        "Now due: 2026-11-26 23:59.",
    ]


def test_the_time_that_an_answer_was_being_reviewed_is_told_too() -> None:
    cast = Cast()
    row, quality = handled(cast), actors.staff(cast.quality)
    with clock.at(MONDAY + timedelta(hours=1)):
        lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="已答")
    with clock.at(MONDAY + timedelta(hours=25)):
        closing.review(ticket=row, by=quality, version=row.version, approved=False, note="没有回答")
    assert explain(answer_of(row)) == [
        *RECKONED,
        "From 2026-11-23 10:00 to 2026-11-24 10:00 the clock stood still: 1 day is given back.",
        "2026-11-23 Mon: given back",
        "Stood still for 24:00 while it was not the unit's turn.",
        "Now due: 2026-11-26 23:59.",
    ]
