"""Copied answers: found among all that the same unit ever gave, never among another's, never by phrases alone."""

import pytest

from dispatch import copied
from dispatch.models import AnswerPrint
from hotline import reactions
from hotline.tickets import lifecycle
from hotline.tickets.actors import staff as by
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import Cast

pytestmark = pytest.mark.django_db
WORDS = "经现场核实，该路段为规划道路，目前正在征地拆迁，待明年二季度具备条件后开工，具体时间以公告为准。"
PHRASES = "您好！您反映的问题已收悉。感谢您的关心与支持，祝您生活愉快！"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _answered(cast: Cast, words: str) -> Ticket:
    row = cast.ticket_in(State.HANDLING)
    lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public=words)
    for entry in row.ledger.filter(kind__in=("answered", "unit_answered")):
        copied.remember(entry)
        copied.remember(entry)
    return row


def _near(unit: int, words: str) -> list[int]:
    return [part.ticket_id for part in copied.near(unit, words, Ticket.objects.all())]


def test_a_copy_is_found_however_old_and_only_of_the_same_unit(cast: Cast) -> None:
    first = _answered(cast, WORDS)
    assert _near(cast.unit.pk, WORDS.replace("二季度", "三季度")) == [first.pk]
    assert _near(cast.other_unit.pk, WORDS) == []
    assert (
        _near(cast.unit.pk, "经查，该处路灯线路被挖断，抢修人员已于昨日二十点恢复照明，今后将加强巡查，欢迎监督。")
        == []
    )
    assert list(copied.near(cast.unit.pk, WORDS, Ticket.objects.exclude(pk=first.pk))) == [], "not to be seen by all"


def test_phrases_alone_are_no_copy(cast: Cast) -> None:
    _answered(cast, PHRASES)
    assert AnswerPrint.objects.get().bands == []
    assert _near(cast.unit.pk, PHRASES) == []


def test_answers_brought_from_elsewhere_are_taken_in_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copied, "BATCH", 1)
    for words in (WORDS, PHRASES):
        row = cast.ticket_in(State.HANDLING)
        lifecycle.answer(ticket=row, by=by(cast.clerk), version=row.version, public=words)
    assert (copied.keep_missing(), copied.keep_missing()) == (2, 0)
    assert len(_near(cast.unit.pk, WORDS)) == 1


def test_an_answer_is_remembered_when_it_is_given() -> None:
    kinds = [kind for kind, then in reactions.AND_THEN.items() if copied.remember in then]
    assert kinds == ["unit_answered", "answered"]
