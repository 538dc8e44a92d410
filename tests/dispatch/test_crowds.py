"""Many different people at one place, far more than usual, are told of once; one person who writes often is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.test import Client

from dispatch import crowds, prints
from dispatch.models import CrowdAlarm
from hotline.people.models import Area, ContactPoint
from hotline.tickets.models import Matter, Ticket
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
_phones = count(1)
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def places() -> None:
    east = Area.objects.create(code="4401", name="东汀区", level="district")
    Area.objects.create(code="p1", name="榕荫花园", level="poi", parent=east)
    Area.objects.create(code="p2", name="市第一人民医院", level="poi", parent=east)


def report(place: str, at: datetime, who: ContactPoint | None = None) -> Ticket:
    row = ticket(f"{place}停水了", contact=who or somebody())
    Ticket.objects.filter(pk=row.pk).update(created_at=at)
    row.refresh_from_db()
    prints.take(row)
    return row


def somebody() -> ContactPoint:
    """A citizen of whom we know the telephone."""
    return contact(phone=f"138{next(_phones):08d}")


def told(row: Ticket) -> list[dict[str, object]]:
    return list(row.ledger.filter(kind="crowd_noticed").values_list("data", flat=True))


def test_who_leaves_the_district_out_is_counted_where_only_one_is_said(rules_in_force: None) -> None:
    for said in ("东汀区榕树西路", "榕树西路", "东汀区榕树西路", "榕树西路", "榕树西路"):
        report(said, NOON - timedelta(hours=1))
    (alarm,) = crowds.look(NOON)
    assert (alarm.place, alarm.district, alarm.name, alarm.people) == ("榕树西路", "4401", "东汀区榕树西路", 5)


def test_who_leaves_it_out_is_counted_nowhere_where_several_are_said(rules_in_force: None) -> None:
    Area.objects.create(code="4402", name="南涌区", level="district")
    for said in ("东汀区榕树西路", "南涌区榕树西路", "榕树西路") * 3:
        report(said, NOON - timedelta(hours=1))
    assert crowds.look(NOON) == []


def test_a_district_that_is_said_late_makes_no_second_crowd(rules_in_force: None) -> None:
    for _ in range(5):
        report("榕树西路", NOON - timedelta(hours=1))
    (alarm,) = crowds.look(NOON)
    assert alarm.district == ""
    late = report("东汀区榕树西路", NOON)
    assert crowds.look(NOON + timedelta(minutes=5)) == []
    assert crowds.look(NOON + timedelta(minutes=10)) == []
    alarm.refresh_from_db()
    assert (alarm.district, alarm.people, alarm.ticket_id, alarm.closed_at) == ("4401", 6, late.pk, None)


def test_a_crowd_is_told_of_once_and_ends(rules_in_force: None) -> None:
    rows = [report("榕荫花园", NOON - timedelta(hours=n)) for n in range(5)]
    (alarm,) = crowds.look(NOON)
    assert (alarm.name, alarm.people, alarm.ticket_id) == ("东汀区榕荫花园", 5, rows[-1].pk)
    assert told(rows[-1]) == [{"place": "东汀区榕荫花园", "people": 5, "usual": alarm.usual, "hours": 24}]
    sixth = report("榕荫花园", NOON)
    assert crowds.look(NOON + timedelta(minutes=5)) == []
    alarm.refresh_from_db()
    assert (alarm.people, alarm.ticket_id, alarm.closed_at, told(sixth)) == (6, sixth.pk, None, [])
    over = NOON + timedelta(hours=25)
    assert crowds.look(over) == []
    alarm.refresh_from_db()
    assert alarm.closed_at == over
    for n in range(5):
        report("榕荫花园", over + timedelta(days=20, hours=n))
    assert len(crowds.look(over + timedelta(days=20, hours=6))) == 1, "another event"


def test_one_person_who_writes_ten_times_is_no_crowd(rules_in_force: None) -> None:
    who = contact()
    for n in range(10):
        report("榕荫花园", NOON - timedelta(hours=n), who)
    assert crowds.look(NOON) == []
    for n in range(3):
        report("榕荫花园", NOON - timedelta(hours=n))
    assert crowds.look(NOON) == [], "four people are too few"


@pytest.mark.parametrize(
    ("who", "people"),
    [
        (lambda: contact(phone=""), 1),  # forms that one browser may have sent
        (lambda: contact("phone", phone=""), 1),  # withheld numbers
        (lambda: contact("wechat", phone=""), 4),  # an account is somebody
        (somebody, 4),
    ],
    ids=["web", "withheld", "wechat", "known"],
)
def test_whom_nothing_tells_apart_is_one_person(
    rules_in_force: None, who: Callable[[], ContactPoint], people: int
) -> None:
    for n in range(4):
        report("榕荫花园", NOON - timedelta(hours=n), who())
    for n in range(4):
        report("榕荫花园", NOON - timedelta(hours=n))
    (crowd,) = crowds.seen(NOON, crowds.Figures(people=5, hours=24, odds=50_000))
    assert crowd.people == people + 4


def test_the_city_s_mean_is_of_people_as_the_places_are(rules_in_force: None) -> None:
    who = somebody()
    for n in range(9):
        report("榕荫花园", NOON - timedelta(days=2, hours=n), who)
    report("榕荫花园", NOON - timedelta(days=2))
    report("市第一人民医院", NOON - timedelta(days=2))
    reports = crowds._reports(NOON - crowds.HISTORY, NOON, {})
    sites, mean = crowds._history(reports, [("p1", "4401")], windows=1)
    assert (sites, mean) == ({("p1", "4401"): 2}, 1.5)  # two people and one, at two places


def test_what_is_usual_at_a_place_is_no_crowd(rules_in_force: None) -> None:
    for day in range(1, 41):
        for n in range(3):
            report("市第一人民医院", NOON - timedelta(days=day, hours=n + 1))
    for n in range(6):
        report("市第一人民医院", NOON - timedelta(hours=n))
        report("榕荫花园", NOON - timedelta(hours=n))
    assert [alarm.place for alarm in crowds.look(NOON)] == ["p1"]


def test_two_places_are_two_and_old_ones_none(rules_in_force: None) -> None:
    for n in range(3):
        report("榕荫花园3栋", NOON - timedelta(hours=n))
        report("市第一人民医院", NOON - timedelta(hours=n))
        report("榕荫花园", NOON - timedelta(hours=30 + n))
    assert crowds.look(NOON) == []


def test_the_chance_is_that_of_a_negative_binomial() -> None:
    # Gamma(1, 1): geometric with 1/2
    assert crowds._tail(3, 1.0, 1.0) == pytest.approx(1 / 8)
    assert crowds._tail(1, 2.0, 1.0) == pytest.approx(3 / 4)


def test_the_leading_matter_is_what_most_people_report(rules_in_force: None) -> None:
    water, lamp = (Matter.objects.create(code=code, name=name) for code, name in (("w", "停水"), ("l", "路灯")))
    rows = [report("榕荫花园", NOON - timedelta(hours=n)) for n in range(6)]
    who = rows[5].contact
    again = [report("榕荫花园", NOON - timedelta(hours=n), who) for n in range(4)]
    about(water, rows[:3])
    about(lamp, [rows[3], rows[5], *again])
    (alarm,) = crowds.look(NOON)
    assert (alarm.people, alarm.matter, alarm.of_matter) == (6, water, 3), "who writes of a lamp five times is one"
    about(lamp, rows[:3])
    crowds.look(NOON + timedelta(minutes=5))
    alarm.refresh_from_db()
    assert (alarm.matter, alarm.of_matter) == (lamp, 5)
    about(None, rows[:5])
    crowds.look(NOON + timedelta(minutes=10))
    alarm.refresh_from_db()
    assert (alarm.matter, alarm.of_matter) == (None, 0), "what one person reports leads nothing"


def about(matter: Matter | None, rows: list[Ticket]) -> None:
    Ticket.objects.filter(pk__in=[row.pk for row in rows]).update(matter=matter)


def test_supervisors_and_the_wallboard_see_it(rules_in_force: None, client: Client) -> None:
    cast = Cast()
    rows = [report("榕荫花园", NOON - timedelta(hours=n)) for n in range(5)]
    about(Matter.objects.create(code="w", name="停水"), rows[:4])
    crowds.look(NOON)
    client.force_login(cast.supervisor, "django.contrib.auth.backends.ModelBackend")
    (row,) = client.get("/api/v1/crowds").json()["results"]
    assert (row["name"], row["people"], row["closed_at"], row["ticket"]) == ("东汀区榕荫花园", 5, None, rows[-1].number)
    assert (row["matter"], row["of_matter"]) == ("停水", 4)
    (shown,) = client.get("/api/v1/wallboard").json()["crowds"]
    assert (shown["name"], shown["matter"], shown["people"], shown["hours"]) == ("东汀区榕荫花园", "停水", 5, 24)
    assert CrowdAlarm.objects.count() == 1
