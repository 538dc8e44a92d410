"""Every verb from every state: it goes where its arrow leads, or it is refused and changes nothing."""

import io
from collections.abc import Callable

import pytest
from django.db import transaction
from PIL import Image

from hotline.people.models import Staff
from hotline.tickets import (
    access,
    closing,
    confiding,
    ledger,
    levels,
    lifecycle,
    merging,
    pauses,
    returns,
    setting_aside,
    supervision,
)
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import NotAllowed, NotYours
from hotline.tickets.facts import Suggested
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import ALLOWED, State, Verb
from tests.factories import Cast, ticket

pytestmark = pytest.mark.django_db

Use = Callable[[Cast, Ticket], object]
CITIZENS_OWN = {Verb.ADD_WORDS, Verb.RATE, Verb.KEEP_MEDIA, Verb.TRANSCRIBE, Verb.SUGGEST, Verb.REPORT_FAILURE}


def _staff(verb: Callable[..., object], person: str, **fields: object) -> Use:
    def use(cast: Cast, row: Ticket) -> object:
        return verb(ticket=row, by=by(getattr(cast, person)), version=row.version, **fields)

    return use


def _suggested() -> Suggested:
    return Suggested(type=[], matter=[], departments=[], urgency="normal", abstain=True, model="m")


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8)).save(kept, "PNG")
    return kept.getvalue()


USES: dict[Verb, Use] = {
    Verb.ADD_WORDS: lambda c, t: lifecycle.add_words(ticket=t, words=Words(text="还有"), channel="web"),
    Verb.TRANSCRIBE: lambda c, t: lifecycle.transcribe(ticket=t, message=t.messages.all()[0], text="字", result="done"),
    Verb.SUGGEST: lambda c, t: lifecycle.suggest(ticket=t, fact=_suggested(), title="题", summary="要"),
    Verb.ACCEPT: _staff(lifecycle.accept, "agent", title="路灯"),
    Verb.EDIT: _staff(lifecycle.edit, "agent", title="新标题"),
    Verb.REPLY: _staff(lifecycle.reply, "agent", text="您好"),
    Verb.REQUEST_INFO: _staff(lifecycle.request_info, "agent", question="哪里?"),
    Verb.REFUSE: _staff(lifecycle.refuse, "agent", reason="诉讼", door="法院"),
    Verb.EMERGENCY: _staff(lifecycle.emergency, "agent", service="119", reference="2026-0119"),
    Verb.ANSWER_DIRECTLY: _staff(lifecycle.answer_directly, "agent", public="办事大厅九点开门"),
    Verb.DISPATCH: lambda c, t: lifecycle.dispatch_to(ticket=t, by=by(c.agent), version=t.version, department=c.unit),
    Verb.RECALL: _staff(levels.recall, "agent", note="派错了"),
    Verb.ASSIST: lambda c, t: levels.assist(ticket=t, by=by(c.agent), version=t.version, assisting=(c.helper_unit,)),
    Verb.RECUSE: _staff(confiding.recuse, "agent", reason="亲属"),
    Verb.SIGN: _staff(lifecycle.sign_for, "clerk"),
    Verb.CONTACT: _staff(lifecycle.contact, "clerk", whom="本人"),
    Verb.RETURN: lambda c, t: returns.request_return(
        ticket=t,
        by=by(c.clerk),
        version=t.version,
        reason="not_our_duty",
        basis="三定",
        proposed=c.other_unit,
    ),
    Verb.RULE_ON_RETURN: _staff(returns.rule_on_return, "lead", upheld=True),
    Verb.REQUEST_EXTENSION: _staff(pauses.request_extension, "clerk", working_days=3, reason="天气"),
    Verb.SUSPEND: _staff(pauses.suspend, "lead", reason="等待"),
    Verb.RESUME: _staff(pauses.resume, "lead"),
    Verb.ANSWER: _staff(lifecycle.answer, "clerk", public="已修好"),
    Verb.REVIEW: _staff(closing.review, "quality", approved=True),
    Verb.FOLLOW_UP: _staff(closing.follow_up, "quality", reached=True, satisfied=4, solved=True),
    Verb.RATE: lambda c, t: closing.rate(ticket=t, channel="web", satisfied=5),
    Verb.REWORK: _staff(closing.rework, "quality", note="没修好"),
    Verb.CLOSE: _staff(closing.close, "quality"),
    Verb.ARCHIVE: _staff(closing.archive, "quality"),
    Verb.MERGE: lambda c, t: merging.merge(ticket=t, by=by(c.agent), version=t.version, into=ticket()),
    Verb.UNMERGE: _staff(merging.unmerge, "agent", note="不是一件事"),
    Verb.SPLIT: _staff(merging.split, "agent", pieces=[merging.Piece(text="树枝压住了电线")]),
    Verb.SET_ASIDE: _staff(setting_aside.ask, "quality", code="unreasonable", note="无法律依据"),
    Verb.URGE: _staff(supervision.urge, "agent", note="市民又来电"),
    Verb.SUPERVISE: _staff(supervision.supervise, "supervisor", level=2, note="限三日"),
    Verb.REPORT_FAILURE: lambda c, t: lifecycle.report_failure(ticket=t, channel="sms", error="no"),
    Verb.ATTACH: lambda c, t: lifecycle.attach(
        ticket=t, by=by(c.agent), content=_picture(), filename="现场.png", purpose="handling"
    ),
    Verb.NOTE: _staff(lifecycle.note, "agent", text="内部备注"),
    Verb.WITHDRAW: _staff(closing.withdraw, "agent"),
}
ELSEWHERE = {
    Verb.RULE_ON_EXTENSION,
    Verb.KEEP_MEDIA,
    Verb.OPINE,
    Verb.ANSWER_ORDER,
    Verb.END_SUPERVISION,
    Verb.RULE_ON_SET_ASIDE,
    Verb.RELEASE,
    Verb.PASS_DOWN,
    Verb.PASS_UP,
    Verb.RELAY,
    Verb.SHOW_CARD,
    Verb.MOVE_LIMIT,
    Verb.ESCALATE,
    Verb.SEE_ALARM,
    Verb.NOTICE_CROWD,
    Verb.PROMISE,
    Verb.CHASE_PROMISE,
    Verb.SETTLE_PROMISE,
}
"""Need an open request, order or consultation, a kept file, units beside or below, a protected citizen, a clock,
an alarm, a crowd, a promise: told in test_pauses, test_alarms, test_promising, test_returns, test_supervision,
test_levels, test_recusal, dispatch's test_clocks, test_crowds and test_preview …"""
PART_DECIDES = {
    (Verb.SIGN, State.HANDLING),
    (Verb.SIGN, State.REWORK),
    (Verb.CONTACT, State.DISPATCHED),
    (Verb.REQUEST_EXTENSION, State.DISPATCHED),
    (Verb.ANSWER, State.DISPATCHED),
    (Verb.SIGN, State.RETURN_REVIEW),
    (Verb.CONTACT, State.RETURN_REVIEW),
    (Verb.ANSWER, State.RETURN_REVIEW),
    (Verb.RECALL, State.HANDLING),
    (Verb.ARCHIVE, State.MERGED),
}
"""Open to an assisting unit behind or ahead of the lead; the lead's own part is past it, not yet there, or waits for
the ruling on its return. What a unit
has signed is not recalled, unless it was dispatched automatically a moment ago; what was merged waits for the other
ticket's end before it is archived."""


def test_every_verb_is_tried() -> None:
    assert set(USES) | ELSEWHERE == set(Verb) == set(ALLOWED)


@pytest.mark.parametrize("state", list(State))
def test_arrows(state: State, subtests: pytest.Subtests) -> None:
    """Each verb meets the same ticket: what the one before it did is undone."""
    cast = Cast()
    there = cast.ticket_in(state).pk
    for verb in USES:
        with subtests.test(verb=str(verb)), transaction.atomic():
            _arrow(cast, Ticket.objects.get(pk=there), verb)
            transaction.set_rollback(True)


def _arrow(cast: Cast, row: Ticket, verb: Verb) -> None:
    state, lines, version = State(row.state), row.ledger_length, row.version
    if state not in ALLOWED[verb].sources or (verb, state) in PART_DECIDES:
        # A unit has no duty at all where it has no part yet, or no part any more.
        with pytest.raises((NotAllowed, NotYours)):
            USES[verb](cast, row)
        kept = Ticket.objects.get(pk=row.pk)
        assert (kept.state, kept.version, kept.ledger_length) == (state, version, lines)
        assert LedgerEntry.objects.filter(ticket=row).count() == lines
        return
    USES[verb](cast, row)
    kept = Ticket.objects.get(pk=row.pk)
    assert kept.state == state or kept.state in ALLOWED[verb].targets
    assert kept.ledger_length == lines + 1
    assert ledger.verify(kept)


@pytest.mark.parametrize("state", list(State))
def test_allowed_is_exactly_what_works(state: State) -> None:
    """`allowed` promises a verb if and only if using it succeeds, for every person and state."""
    cast = Cast()
    row = cast.ticket_in(state)
    for person in (cast.agent, cast.lead, cast.supervisor, cast.quality, cast.clerk):
        for name in access.allowed(person, Ticket.objects.get(pk=row.pk)):
            assert state in ALLOWED[Verb(name)].sources, (person.role, name)
    clerk_verbs = access.allowed(cast.other_clerk, Ticket.objects.get(pk=row.pk))
    assert clerk_verbs == []
    assert access.allowed(cast.auditor, Ticket.objects.get(pk=row.pk)) == []


def test_inactive_staff_can_do_nothing() -> None:
    cast = Cast()
    Staff.objects.filter(pk=cast.agent.pk).update(is_active=False)
    cast.agent.refresh_from_db()
    row = ticket()
    assert access.allowed(cast.agent, row) == []
    assert not access.visible_to(cast.agent).exists()
