"""Attempts on the rules themselves, and on who complained: each was possible once."""

import contextlib
import hashlib
import itertools
import json
import random

import pytest
from django.core.exceptions import ValidationError

from dispatch import catalogue_export, catalogue_sheet
from dispatch.models import Policy, TermRule
from hotline import reactions
from hotline.people.masking import strike_out
from hotline.tickets import actors, closing, levels, lifecycle, merging, returns, supervision
from hotline.tickets.errors import InvalidFields, NotAllowed
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast, contact, ticket
from tests.permissions.relations import Relations

pytestmark = pytest.mark.django_db
NAME, PHONE = "欧阳锋", "13912345678"


def merged(cast: Cast, parent: Ticket, *, confidential: bool = False) -> Ticket:
    """Another citizen's report of the same matter, merged into `parent`."""
    child = ticket("也是这件事", contact=contact(name=NAME, phone=PHONE), confidential=confidential)
    merging.merge(ticket=child, by=actors.staff(cast.agent), version=child.version, into=parent)
    parent.refresh_from_db()
    return child


# --- who complained -------------------------------------------------------------------------------------


def test_a_protected_reporter_stays_so_when_they_rate_what_goes_on() -> None:
    cast = Cast()
    parent = cast.ticket_in(State.ANSWER_REVIEW)
    child = merged(cast, parent, confidential=True)
    closing.review(ticket=parent, by=actors.staff(cast.quality), version=parent.version, approved=True)
    closing.rate(ticket=child, channel="wechat", satisfied=1, solved=False, words=f"我是{NAME}，没修好")
    notes = {
        name: Browser(person).get(f"/tickets/{parent.number}").json()["rating"]["note"]
        for name, person in (("unit", cast.clerk), ("auditor", cast.auditor), ("quality", cast.quality))
    }
    assert notes == {"unit": "", "auditor": "", "quality": f"我是{NAME}，没修好"}


def test_a_hash_does_not_tell_whether_a_guess_at_what_is_withheld_is_right() -> None:
    relations = Relations()
    row = relations.follow_up()
    closing.rate(ticket=row, channel="wechat", satisfied=2, solved=False)
    ledger = Browser(relations.people["lead_unit"]).get(f"/tickets/{row.number}/story.json").json()["ledger"]
    line = next(line for line in ledger if line["kind"] == "rated")
    assert (line["complete"], line["salt"]) == (False, "")
    for channel, real_name in itertools.product(("web", "wechat", "sms-aliyun", "phone"), (True, False)):
        data = {**line["data"], "channel": channel, "real_name": real_name}
        told = [line["previous_hash"], row.number, line["sequence"], line["kind"], data, line["state"], line["by"]]
        told += [line["actor"], line["at"]]
        digest = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        assert digest != line["hash"], (channel, real_name)


@pytest.mark.parametrize(
    "written",
    [
        "欧阳 锋",
        "欧·阳·锋",
        "欧\u200b阳锋",
        "1 3 9 1 2 3 4 5 6 7 8",
        "139/1234/5678",
        "139，1234，5678",
        "(139)12345678",
        "139\u200b12345678",
        "139\n12345678",
        "幺三九一二三四五六七八",
        "①③⑨12345678",
        "a13912345678b",
    ],
)
def test_a_name_and_a_number_that_are_known_get_through_in_no_dress(written: str) -> None:
    left = strike_out(f"我叫{written}再见", NAME, PHONE)
    assert written not in left
    assert left.startswith("我叫")
    assert left.endswith("再见")
    assert strike_out("call JOHN  smith", "John Smith") == "call ***"


# --- the rules --------------------------------------------------------------------------------------------


def test_a_unit_that_passed_its_part_down_does_not_assist_meanwhile() -> None:
    """Handed back up, it would have two parts in the ticket; the hand-over failed for good."""
    relations = Relations()
    row = relations.passed()
    with pytest.raises(InvalidFields):
        relations.do(row, levels.assist, "holder", assisting=(relations.units["above"],))
    relations.do(row, lifecycle.sign_for, "lead_unit")
    relations.do(row, levels.pass_up, "lead_unit", note="需市级协调")
    assert row.department == relations.units["above"]


def test_a_ticket_withdrawn_during_its_consultation_can_still_be_read() -> None:
    relations = Relations()
    row = relations.consultation()
    closing.withdraw(ticket=row, by=actors.CITIZEN)
    answer = Browser(relations.people["lead"]).get(f"/tickets/{row.number}")
    assert answer.status_code == 200
    assert answer.json()["consultation"]["department"] is None


def test_the_archive_takes_nobodys_report_away() -> None:
    """A merged report in the archive could not go on when the other citizen withdrew, nor could those beside it."""
    cast = Cast()
    parent = cast.ticket_in(State.HANDLING)
    child = merged(cast, parent)
    with pytest.raises(NotAllowed):
        closing.archive(ticket=child, by=actors.staff(cast.quality), version=child.version)
    closing.withdraw(ticket=parent, by=actors.CITIZEN)
    merging.set_free(parent)
    assert Ticket.objects.get(pk=child.pk).state == State.RECEIVED


def test_an_archived_report_does_not_keep_the_others_from_going_on() -> None:
    cast = Cast()
    parent = cast.ticket_in(State.ANSWER_REVIEW)
    archived, other = merged(cast, parent), merged(cast, parent)
    closing.review(ticket=parent, by=actors.staff(cast.quality), version=parent.version, approved=True)
    closing.close(ticket=parent, by=actors.staff(cast.quality), version=parent.version)
    closing.archive(ticket=archived, by=actors.staff(cast.quality), version=archived.version)
    closing.rework(ticket=parent, by=actors.staff(cast.quality), version=parent.version, note="没有解决")
    closing.withdraw(ticket=parent, by=actors.CITIZEN)
    merging.set_free(parent)
    states = [Ticket.objects.get(pk=row.pk).state for row in (archived, other)]
    assert states == [State.ARCHIVED, State.RECEIVED]


def test_what_is_split_off_a_complaint_accuses_the_same_units() -> None:
    relations = Relations()
    row = relations.accepted()
    by = actors.staff(relations.people["holder"])
    (child,) = merging.split(ticket=row, by=by, version=row.version, pieces=[merging.Piece(text="还有一件")])
    assert list(child.accused.all()) == [relations.units["accused"]]


def test_who_refused_a_return_does_not_take_the_ticket_out_of_the_count() -> None:
    relations = Relations()
    row = relations.returned_once()
    relations.do(row, returns.rule_on_return, "judge", upheld=False, note="属于本职")
    judge = Browser(relations.people["judge"])
    assert judge.act(row.number, "set-aside", row.version, code="unreasonable", note="x").status_code == 403


# --- files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_sheet_is_refused_in_words(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(catalogue_sheet.write("目录", catalogue_export.COLUMNS, [["9901"] * 12]))
    for _ in range(12):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with contextlib.suppress(catalogue_sheet.Unreadable):
        catalogue_sheet.read(bytes(data), catalogue_export.COLUMNS)


# --- the desk and the citizen's word ------------------------------------------------------------------------


def test_a_friendly_first_word_does_not_silence_the_citizen() -> None:
    """Somebody whose report was merged praises the answer before the one who first asked can speak."""
    cast = Cast()
    parent = cast.ticket_in(State.ANSWER_REVIEW)
    child = merged(cast, parent)
    closing.review(ticket=parent, by=actors.staff(cast.quality), version=parent.version, approved=True)
    closing.rate(ticket=child, channel="web", satisfied=5, solved=True)
    closing.rate(ticket=parent, channel="wechat", satisfied=1, solved=False)
    parent.refresh_from_db()
    reactions.settle_rating(parent.ledger.latest("sequence"))
    parent.refresh_from_db()
    assert (parent.state, parent.satisfied) == (State.REWORK, 5), "the first is scored, the bad one has its consequence"


def test_a_call_that_nobody_answered_is_no_act_on_a_bad_rating() -> None:
    cast = Cast()
    row = cast.ticket_in(State.FOLLOW_UP)
    closing.rate(ticket=row, channel="web", satisfied=1)
    rated = row.ledger.latest("sequence")
    closing.follow_up(ticket=row, by=actors.staff(cast.quality), version=row.version, reached=False)
    reactions.settle_rating(rated)
    row.refresh_from_db()
    assert row.state == State.REWORK
    reactions.settle_rating(rated)
    row.refresh_from_db()
    assert (row.state, row.rounds) == (State.REWORK, 2), "a reaction that runs twice acts once"


def test_only_the_lead_lifts_a_citizens_protection() -> None:
    cast = Cast()
    row = ticket("举报", confidential=True)
    with pytest.raises(InvalidFields):
        lifecycle.accept(ticket=row, by=actors.staff(cast.agent), version=row.version, confidential=False)
    row.refresh_from_db()
    assert (row.state, row.confidential) == (State.RECEIVED, True)
    lifecycle.accept(ticket=row, by=actors.staff(cast.lead), version=row.version, confidential=False)
    assert row.confidential is False


def test_what_is_under_an_order_is_not_withdrawn_without_a_word() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    supervision.supervise(ticket=row, by=actors.staff(cast.supervisor), version=row.version, level=1, note="尽快办")
    with pytest.raises(InvalidFields):
        closing.withdraw(ticket=row, by=actors.staff(cast.agent), version=row.version)
    row.refresh_from_db()
    closing.withdraw(ticket=row, by=actors.staff(cast.agent), version=row.version, note="市民来电要求撤回")
    assert row.state == State.WITHDRAWN


@pytest.mark.parametrize(("model", "field"), [(Policy, "value"), (TermRule, "amount")])
def test_a_slip_of_the_hand_in_a_rule_is_refused(model: type[Policy] | type[TermRule], field: str) -> None:
    rule = model.objects.all()[0]
    setattr(rule, field, 2**31 - 1)
    with pytest.raises(ValidationError) as refused:
        rule.full_clean()
    assert list(refused.value.message_dict) == [field]
