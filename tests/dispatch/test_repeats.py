"""Repeats are found by person, place and words, only among what the asker may see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dispatch import prints, repeats
from dispatch.models import Policy, TicketPrint
from hotline.api import repeats as typing
from hotline.people.limits import Limit
from hotline.people.models import Area, ContactPoint
from hotline.tickets import access
from hotline.tickets.models import Ticket
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db
LAMP = "榕荫花园3栋楼下的路灯不亮，晚上看不见路"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture(autouse=True)
def places() -> None:
    city = Area.objects.create(code="44", name="云水市", level="city")
    for code, name in (("4401", "东汀区"), ("4402", "榕塘区")):
        Area.objects.create(code=code, name=name, level="district", parent=city)
    east = Area.objects.get(code="4401")
    Area.objects.create(code="p1", name="榕荫花园", level="poi", parent=east, aliases=["榕荫小区"])


def kept(text: str, who: ContactPoint | None = None, days_ago: int = 0, **fields: object) -> Ticket:
    row = ticket(text, contact=who or contact(phone=""), **fields)
    if days_ago:
        row.created_at = timezone.now() - timedelta(days=days_ago)
        row.save(update_fields=["created_at"])
    prints.take(row)
    return row


def found(cast: Cast, row: Ticket) -> list[tuple[str, bool, str]]:
    among = access.visible_to(cast.agent).exclude(pk=row.pk)
    listed = repeats.candidates(repeats.wanted(row), among, timezone.now())
    return [(repeat.ticket.number, repeat.person, repeat.place) for repeat in listed]


def test_one_place_in_other_words(cast: Cast) -> None:
    first = kept(LAMP)
    kept("榕荫花园5栋的健身器材生锈了，请换新")
    kept("驾驶证到期怎么换")
    again = kept("榕荫小区三幢路灯坏了，晚上看不见")
    assert TicketPrint.objects.get(pk=again.pk).place == "p1"
    assert found(cast, again) == [(first.number, False, "spot")]


def test_what_happens_at_one_place_is_not_alike_by_the_name_of_the_place(cast: Cast) -> None:
    same = kept("东汀区榕荫花园三幢的路灯坏了好几天")
    kept("东汀区榕荫花园3栋的电梯困人")
    kept("东汀区榕荫花园3栋的垃圾桶满了")
    like = repeats.Wanted(typed := "东汀区榕荫花园3栋的路灯不亮", prints.key_of(typed))
    listed = repeats.candidates(like, access.visible_to(cast.agent), timezone.now())
    assert [(repeat.ticket.number, repeat.place) for repeat in listed] == [(same.number, "spot")]
    assert listed[0].likeness == 0.378, "的路 and 路灯, of four pairs and seven"


def test_while_only_the_place_is_typed_all_that_happens_there_is_shown(cast: Cast) -> None:
    rows = [kept("榕荫花园3栋电梯困人"), kept("榕荫花园3栋路灯坏了")]
    like = repeats.Wanted("榕荫花园3栋", prints.key_of("榕荫花园3栋"))
    listed = repeats.candidates(like, access.visible_to(cast.agent), timezone.now())
    assert {repeat.ticket.number for repeat in listed} == {row.number for row in rows}


def test_near_copies_without_a_place(cast: Cast) -> None:
    first = kept("医保断缴三个月以后还能不能续上，需要带什么材料去哪里办")
    again = kept("医保断缴三个月以后还能不能续上，要带什么材料，到哪里办")
    kept("养老金为什么这个月少了五十块钱")
    assert found(cast, again) == [(first.number, False, "")]


def test_one_person_who_asks_again(cast: Cast) -> None:
    who = contact()
    first = kept("楼下烧烤店油烟太大，熏得睡不着", who)
    other = kept("驾驶证到期怎么换", who)
    again = kept("楼下那家烧烤店又开到半夜，油烟还是大", who)
    assert found(cast, again) == [(first.number, True, "")]
    assert other.number not in str(found(cast, again))


def test_the_centre_says_what_makes_a_repeat(cast: Cast) -> None:
    asked = contact(phone="13800000009")
    kept("榕荫花园3栋路灯坏了", asked)
    row = kept(LAMP, asked)
    assert [who for _, who, _ in found(cast, row)] == [True]
    Policy.objects.create(key="repeat_least", value=300, from_date=timezone.localdate() - timedelta(days=1))
    assert found(cast, row) == []


def test_what_is_long_ago_is_no_repeat(cast: Cast) -> None:
    kept(LAMP, days_ago=100)
    assert found(cast, kept(LAMP)) == []


def test_a_protected_citizen_is_not_found_by_a_unit(cast: Cast, client: Client) -> None:
    shown, protected = kept(LAMP), kept(LAMP, confidential=True)
    again = kept(LAMP)
    for row in (shown, protected, again):
        _dispatched_to(cast, row)
    url = f"/api/v1/tickets/{again.number}/repeats"
    client.force_login(cast.clerk, "django.contrib.auth.backends.ModelBackend")
    assert [row["number"] for row in client.get(url).json()["results"]] == [shown.number]
    client.force_login(cast.agent, "django.contrib.auth.backends.ModelBackend")
    listed = client.get(url).json()["results"]
    assert [row["number"] for row in listed] == [protected.number, shown.number]


def _dispatched_to(cast: Cast, row: Ticket) -> None:
    from hotline.tickets import actors, lifecycle

    by = actors.staff(cast.agent)
    lifecycle.accept(ticket=row, by=by, version=row.version)
    row.refresh_from_db()
    lifecycle.dispatch_to(ticket=row, by=by, version=row.version, department=cast.unit)
    row.refresh_from_db()


def test_while_it_is_typed(cast: Cast, client: Client) -> None:
    first = kept(LAMP, contact(phone="13800000009"))
    client.force_login(cast.agent, "django.contrib.auth.backends.ModelBackend")
    typed = {"text": "榕荫花园三栋路灯不亮", "phone": "138 0000 0009"}
    answer = client.post("/api/v1/repeats", typed, "application/json")
    (row,) = answer.json()["results"]
    assert (row["number"], row["same_person"], row["same_place"], row["open"]) == (first.number, True, "spot", True)
    assert "张" not in answer.content.decode()
    assert "13800000009" not in answer.content.decode()
    assert client.post("/api/v1/repeats", {"text": ""}, "application/json").json()["results"] == []
    assert Ticket.objects.count() == 1


def test_a_typed_telephone_leads_to_no_protected_ticket(cast: Cast, client: Client) -> None:
    who = contact(phone="13800000009")
    kept("楼下烧烤店油烟太大，熏得睡不着", who, confidential=True)
    lamp = kept(LAMP, who, confidential=True)
    client.force_login(cast.agent, "django.contrib.auth.backends.ModelBackend")
    told = [
        client.post("/api/v1/repeats", {"text": text, "phone": phone}, "application/json").json()["results"]
        for text in ("楼下烧烤店又冒油烟", LAMP)
        for phone in ("13800000009", "13800000008")
    ]
    assert told[:2] == [[], []]
    assert told[2] == told[3], "found by its words, it does not tell whose it is"
    assert [(row["number"], row["same_person"]) for row in told[2]] == [(lamp.number, False)]


def test_telephones_are_tried_so_often_only(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typing, "TYPED", Limit("repeats-test", most=1, seconds=10_000_000))
    client.force_login(cast.agent, "django.contrib.auth.backends.ModelBackend")
    answers = [client.post("/api/v1/repeats", {"text": LAMP}, "application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]


def test_a_new_place_is_known_at_once(cast: Cast) -> None:
    assert prints.key_of("鹭洲湾的路灯坏了") is None
    Area.objects.create(code="p2", name="鹭洲湾", level="poi", parent=Area.objects.get(code="4402"))
    key = prints.key_of("鹭洲湾的路灯坏了")
    assert key is not None
    assert (key.name, key.district) == ("p2", "4402")
