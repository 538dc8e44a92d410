"""Similar closed tickets: the nearest by their words, with unit and answer, only such as the asker may see."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from dispatch import similar, understanding
from dispatch.models import ClosedWords
from dispatch.understanding import Kept
from hotline import reactions
from hotline.tickets.models import Assignment, Ticket
from hotline.tickets.states import State
from nlp.errors import ModelRefused
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db
LAMPS = "解放路的路灯坏了一个星期，晚上很黑"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def read(*words: str) -> dict[str, Any]:
    """What the assistant made of a ticket whose matter was decided by `words`."""
    reasons = [{"kind": "word", "text": word, "weight": 1.0} for word in words]
    return {"matter": [{"code": "z", "reasons": reasons}], "departments": []}


def closed(cast: Cast, text: str, answer: str = "已修好") -> Ticket:
    row = cast.ticket_in(State.CLOSED)
    Ticket.objects.filter(pk=row.pk).update(text=text)
    Assignment.objects.filter(ticket=row).update(public_answer=answer)
    row.refresh_from_db()
    similar.keep(row)
    return row


def test_the_nearest_stand_first_with_their_unit_and_a_line_of_the_answer(cast: Cast) -> None:
    near = closed(cast, "人民路路灯坏了，晚上很黑不安全", "您好，\n路灯已于昨日修复。" + "谢谢" * 50)
    nearest = closed(cast, "解放路路灯坏了一个星期没人修，晚上很黑")
    closed(cast, "小区停水两天了")
    asked = ticket(LAMPS)
    found = similar.to(asked, read("路灯", "坏了"), Ticket.objects.all())
    assert [row["number"] for row in found] == [nearest.number, near.number]
    assert found[0] | {"title": ""} == {
        "number": nearest.number,
        "title": "",
        "department": cast.unit.code,
        "department_name": cast.unit.name,
        "state": "closed",
        "answer": "已修好",
    }
    assert found[1]["answer"].startswith("您好， 路灯已于昨日修复。谢谢")
    assert len(found[1]["answer"]) == similar.LINE


def test_only_what_the_asker_may_see_and_never_a_protected_citizens(cast: Cast) -> None:
    row = closed(cast, LAMPS)
    asked = ticket(LAMPS)
    assert similar.to(asked, read("路灯", "坏了"), Ticket.objects.none()) == []
    Ticket.objects.filter(pk=row.pk).update(confidential=True)
    assert similar.to(asked, read("路灯", "坏了"), Ticket.objects.all()) == []
    row.refresh_from_db()
    ClosedWords.objects.all().delete()
    similar.keep(row)
    assert similar.keep_missing() == 0
    assert not ClosedWords.objects.exists()


def test_closing_lets_a_ticket_be_found_and_reopening_hides_it(cast: Cast) -> None:
    row = cast.ticket_in(State.CLOSED)
    entry = row.ledger.get(kind="closed")
    reactions.let_be_found(entry)
    reactions.let_be_found(entry)
    assert ClosedWords.objects.get().ticket == row
    found = similar.to(ticket(), read("路灯", "坏了"), Ticket.objects.all())
    assert [one["number"] for one in found] == [row.number]
    Ticket.objects.filter(pk=row.pk).update(state=State.REWORK)
    assert similar.to(ticket(), read("路灯", "坏了"), Ticket.objects.all()) == []


def test_what_was_closed_before_is_brought_in_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "BATCH", 2)
    for _ in range(3):
        cast.ticket_in(State.CLOSED)
    cast.ticket_in(State.HANDLING)
    assert [similar.keep_missing(), similar.keep_missing()] == [3, 0]


def test_words_in_traditional_characters_are_the_same_words(cast: Cast) -> None:
    row = closed(cast, "楼道路灯坏了")
    found = similar.to(ticket("樓道路燈壞了"), read("路灯", "坏了"), Ticket.objects.all())
    assert [one["number"] for one in found] == [row.number]


def test_units_that_did_similar_ones_are_told_so() -> None:
    alike = [{"department": code} for code in ("a", "a", "b")]
    units = similar.as_reasons([{"code": "a", "reasons": []}, {"code": "c", "reasons": []}], alike)
    assert [(unit["code"], [reason["weight"] for reason in unit["reasons"]]) for unit in units] == [
        ("a", [0.667]),
        ("c", []),
    ]


def test_a_new_version_is_picked_up_and_a_bad_one_leaves_the_last(tmp_path: Path, settings: LazySettings) -> None:
    settings.MODEL_DIR = tmp_path
    folder = tmp_path / "understanding" / "department"
    loads: list[str] = []

    def load(root: Path) -> str:
        facts = json.loads((root / "department" / "manifest.json").read_text(encoding="utf-8"))
        loads.append(facts["version"])
        if facts["version"] == "bad":
            raise ModelRefused("bad")
        return str(facts["version"])

    kept = Kept("a test", ("department",), load)
    assert kept.get() is None
    folder.mkdir(parents=True)
    for number, (version, expected) in enumerate((("one", "one"), ("bad", "one"), ("three", "three"))):
        path = folder / "manifest.json"
        path.write_text(json.dumps({"version": version}), encoding="utf-8")
        os.utime(path, ns=(number, number))
        assert [kept.get(), kept.get()] == [expected, expected]
    assert loads == ["one", "bad", "three"], "each was tried once"
    settings.MODEL_DIR = tmp_path / "elsewhere"
    assert kept.get() is None
    assert understanding.unit_model() is None
