"""Every verb × everybody's relation to the ticket, over the real interface, against a table written by hand.

A refused verb changes nothing. A verb without a row fails, and so does a relation that a row forgets:
who is not named may see the ticket and is told 403, or may not see it and is told 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from hotline.tickets.models import Alarm, Promise, Ticket
from hotline.tickets.states import Verb
from tests.factories import ticket
from tests.permissions.relations import HOTLINE, OVERSEERS, RELATIONS, Relations
from tests.tickets.machine.truths import digest

pytestmark = pytest.mark.django_db
Body = Callable[[Relations], dict[str, Any]]
Scene = Callable[[Relations], Ticket]
PDF = b"%PDF-1.4"

SEES_ALL = " ".join((*HOTLINE, *OVERSEERS))
DESK = "holder dispatcher colleague lead judge"
CHECK = f"{DESK} supervisor quality"
RULE = "lead judge supervisor"
LEADING = "lead_unit above"
WORKING = f"{LEADING} assisting"
NO_UNIT, WITH_UNITS, HEARD = "", WORKING, f"{WORKING} returned concerned"


@dataclass(frozen=True, slots=True)
class Row:
    """Where the verb is tried, with what; `ok` may, `not_now` may not with this part of theirs (422)."""

    scene: Scene
    units: str
    ok: str
    body: Body = lambda relations: {}
    not_now: str = ""

    def status(self, relation: str) -> int:
        """What the interface answers somebody."""
        if relation in self.ok.split():
            return 200
        if relation in self.not_now.split():
            return 422
        return 403 if relation in f"{SEES_ALL} {self.units}".split() else 404


def said(**fields: Any) -> Body:
    """The same body whoever asks."""
    return lambda relations: fields


def to_unit(name: str) -> Body:
    """A unit, by its relation."""
    return lambda relations: {"department": relations.units[name].code}


R = Relations
NOTED, TEXTED = said(note="说明"), said(text="说明")
TABLE: dict[Verb, Row] = {
    Verb.ACCEPT: Row(R.received, NO_UNIT, DESK),
    Verb.EDIT: Row(R.handling, WITH_UNITS, DESK, said(title="新")),
    Verb.REPLY: Row(R.handling, WITH_UNITS, DESK, TEXTED),
    Verb.REQUEST_INFO: Row(R.received, NO_UNIT, DESK, said(question="哪里?")),
    Verb.REFUSE: Row(R.received, NO_UNIT, DESK, said(reason="诉讼", door="法院")),
    Verb.EMERGENCY: Row(R.received, NO_UNIT, DESK, said(service="119")),
    Verb.ANSWER_DIRECTLY: Row(R.received, NO_UNIT, DESK, said(public="九点开门")),
    Verb.DISPATCH: Row(R.accepted, NO_UNIT, DESK, to_unit("lead_unit")),
    Verb.RECALL: Row(R.dispatched, WITH_UNITS, DESK),
    Verb.ASSIST: Row(R.handling, WITH_UNITS, DESK, lambda r: {"assisting": [r.units["stranger"].code]}),
    Verb.RELEASE: Row(R.handling, WITH_UNITS, DESK, to_unit("assisting")),
    Verb.PASS_DOWN: Row(R.handling, WITH_UNITS, LEADING, to_unit("below"), not_now="assisting"),
    Verb.PASS_UP: Row(R.passed, WITH_UNITS, LEADING, NOTED, not_now="assisting"),
    Verb.SIGN: Row(R.dispatched, WITH_UNITS, WORKING),
    Verb.CONTACT: Row(R.handling, WITH_UNITS, WORKING, said(whom="本人")),
    Verb.RELAY: Row(R.handling, WITH_UNITS, WORKING, TEXTED),
    Verb.RETURN: Row(R.handling, WITH_UNITS, LEADING, said(reason="not_our_duty", basis="三定"), not_now="assisting"),
    Verb.RULE_ON_RETURN: Row(R.returned_once, WITH_UNITS, RULE, said(upheld=True)),
    Verb.OPINE: Row(R.consultation, HEARD, f"{LEADING} returned concerned", TEXTED),
    Verb.REQUEST_EXTENSION: Row(R.handling, WITH_UNITS, WORKING, said(working_days=2, reason="天气")),
    Verb.RULE_ON_EXTENSION: Row(R.extension, WITH_UNITS, RULE, said(granted=True)),
    Verb.SUSPEND: Row(R.handling, WITH_UNITS, RULE, said(reason="等待")),
    Verb.RESUME: Row(R.suspended, WITH_UNITS, RULE),
    Verb.ANSWER: Row(R.handling, WITH_UNITS, WORKING, said(public="已修好")),
    Verb.REVIEW: Row(R.answered, WITH_UNITS, CHECK, said(approved=True)),
    Verb.FOLLOW_UP: Row(R.follow_up, WITH_UNITS, CHECK, said(reached=True)),
    Verb.REWORK: Row(R.follow_up, WITH_UNITS, CHECK, NOTED),
    # A complaint is called back: who sent it somewhere does not end that by closing it.
    Verb.CLOSE: Row(R.follow_up, WITH_UNITS, "holder colleague lead supervisor quality"),
    Verb.ARCHIVE: Row(R.closed, WITH_UNITS, "lead judge quality"),
    Verb.MERGE: Row(R.handling, WITH_UNITS, DESK, lambda r: {"into": ticket().number}),
    Verb.UNMERGE: Row(R.merged, NO_UNIT, DESK),
    Verb.SPLIT: Row(R.received, NO_UNIT, DESK, said(parts=[{"text": "树枝压线"}])),
    Verb.SET_ASIDE: Row(R.closed, WITH_UNITS, "lead supervisor quality", said(code="unreasonable", note="无依据")),
    # Neither who asked for it nor who dispatched.
    Verb.RULE_ON_SET_ASIDE: Row(R.to_set_aside, WITH_UNITS, "lead supervisor", said(approved=True)),
    Verb.URGE: Row(R.handling, WITH_UNITS, CHECK, NOTED),
    Verb.SUPERVISE: Row(R.handling, WITH_UNITS, RULE, said(level=1, note="限三日")),
    Verb.ANSWER_ORDER: Row(R.ordered, WITH_UNITS, LEADING, TEXTED),
    Verb.END_SUPERVISION: Row(R.ordered, WITH_UNITS, RULE, NOTED),
    Verb.RECUSE: Row(R.handling, WITH_UNITS, f"{CHECK} {WORKING}", said(reason="亲属")),
    Verb.NOTE: Row(R.handling, WITH_UNITS, f"{CHECK} admin {WORKING}", TEXTED),
    Verb.SEE_ALARM: Row(R.alarmed, WITH_UNITS, DESK, lambda r: {"alarms": [Alarm.objects.get().pk]}),
    Verb.SETTLE_PROMISE: Row(
        R.promised, WITH_UNITS, f"{CHECK} {LEADING}", lambda r: {"promise": Promise.objects.get().pk, "kept": True}
    ),
    Verb.WITHDRAW: Row(R.handling, WITH_UNITS, DESK),
}
NO_ADDRESS = {
    Verb.ADD_WORDS: "the citizen's",
    Verb.RATE: "the citizen's",
    Verb.KEEP_MEDIA: "the channel's",
    Verb.REPORT_FAILURE: "the channel's",
    Verb.TRANSCRIBE: "the assistant's",
    Verb.SUGGEST: "the assistant's",
    Verb.ESCALATE: "the assistant's",
    Verb.NOTICE_CROWD: "the assistant's",
    Verb.PROMISE: "the assistant's",
    Verb.CHASE_PROMISE: "the clock's",
    Verb.SHOW_CARD: "the clock's",
    Verb.MOVE_LIMIT: "the change of rules'",
}
"""Verbs that nobody has at the interface, whoever they are."""


def test_every_verb_has_a_row() -> None:
    assert TABLE.keys() | NO_ADDRESS.keys() | {Verb.ATTACH} == set(Verb)


def _tried(client: Client, row: Ticket, verb: Verb, body: dict[str, Any]) -> tuple[int, bool]:
    """The status, and whether a line was written; whatever was done is undone."""
    with transaction.atomic():
        answer = client.post(f"/api/v1/tickets/{row.number}/{verb}", body, content_type="application/json")
        now = Ticket.objects.get(pk=row.pk)
        transaction.set_rollback(True)
    return answer.status_code, now.ledger_length > row.ledger_length


def _strangers(relations: Relations) -> dict[str, Client]:
    """Nobody, and a colleague whose browser was led here by another site."""
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(relations.people["colleague"])
    return {"nobody": Client(), "forged": forged}


@pytest.mark.parametrize("verb", list(TABLE))
def test_relation(verb: Verb) -> None:
    relations, rule = Relations(), TABLE[verb]
    row = rule.scene(relations)
    body = rule.body(relations) | {"version": row.version}
    before, found = digest(), {}
    for name in RELATIONS:
        client = Client()
        client.force_login(relations.people[name])
        status, told = _tried(client, row, verb, body)
        assert told == (status == 200), name
        found[name] = status
    for name, client in _strangers(relations).items():
        found[name] = _tried(client, row, verb, body)[0]
    assert digest() == before
    expected = {name: rule.status(name) for name in RELATIONS} | {"nobody": 401, "forged": 403}
    assert found == expected


def test_verbs_without_an_address_are_nobodys() -> None:
    relations = Relations()
    row = relations.handling()
    before = digest()
    for name in RELATIONS:
        client = Client()
        client.force_login(relations.people[name])
        for verb in NO_ADDRESS:
            status = _tried(client, row, verb, {"version": row.version, "text": "x", "satisfied": 1})[0]
            assert status == 404, (name, verb)
    assert digest() == before


def test_evidence_is_added_by_who_sees_the_ticket(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    relations = Relations()
    row = relations.handling()
    found = {}
    for name in RELATIONS:
        client = Client()
        client.force_login(relations.people[name])
        sent = {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf"), "purpose": "handling"}
        found[name] = client.post(f"/api/v1/tickets/{row.number}/attachments", sent).status_code
    may = f"{CHECK} admin {WORKING}".split()
    assert found == {name: 201 if name in may else 403 if name == "auditor" else 404 for name in RELATIONS}


def test_a_consultation_is_ruled_on_by_the_supervisor_alone() -> None:
    relations = Relations()
    row = relations.consultation()
    body = {"upheld": True, "department": relations.units["concerned"].code, "note": "理由", "version": row.version}
    found = {}
    for name in RELATIONS:
        client = Client()
        client.force_login(relations.people[name])
        found[name] = _tried(client, row, Verb.RULE_ON_RETURN, body)[0]
    rule = Row(R.consultation, HEARD, "supervisor")
    assert found == {name: rule.status(name) for name in RELATIONS}
