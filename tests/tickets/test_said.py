"""Words under the chain: whatever is said carries a digest, and what is altered in its row is named with its line."""

import argparse
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from hotline.commands import verify_ledger
from hotline.tickets import actors, closing, confiding, ledger, lifecycle, setting_aside
from hotline.tickets.models import LedgerEntry, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.proof import anchoring, checking, said
from hotline.tickets.proof.chain import Break, Why, hash_of
from hotline.tickets.proof.checking import FeedBreak, Scope
from tests.factories import Cast, contact, ticket

pytestmark = pytest.mark.django_db


def sql(statement: str, **values: Any) -> None:
    """What somebody with the database's password does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found(**scope: Any) -> list[checking.AnyBreak]:
    return list(checking.breaks(Scope(**scope)))


@pytest.fixture
def row(tmp_path: Path, settings: Any) -> Ticket:
    """A ticket in which everybody said something: the citizen, the desk, the unit twice, the rater twice."""
    settings.MEDIA_ROOT = tmp_path
    cast = Cast()
    row = ticket("路灯坏了")
    lifecycle.add_words(ticket=row, words=Words(text="在解放路", place={"lat": 30.5, "lng": 120.25}), channel="web")
    voice = lifecycle.add_words(ticket=row, words=Words(text="", kind="voice", voice=True), channel="web")
    row.refresh_from_db()
    lifecycle.transcribe(ticket=row, message=voice, text="在学校门口", result="done")
    agent = actors.staff(cast.agent)
    lifecycle.accept(ticket=row, by=agent, version=row.version)
    lifecycle.dispatch_to(ticket=row, by=agent, version=row.version, department=cast.unit)
    lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)
    lifecycle.reply(ticket=row, by=actors.staff(cast.agent), version=row.version, text="已派单")
    lifecycle.attach(ticket=row, by=actors.staff(cast.clerk), content=b"%PDF-1.4", filename="a.pdf", purpose="handling")
    for answer, score in (("已看过", 1), ("已修好", 5)):
        lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public=answer, internal="换灯泡")
        closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=True)
        closing.rate(ticket=row, channel="web", satisfied=score, words=f"{score}分")
        if score == 1:
            closing.rework(ticket=row, by=actors.staff(cast.lead), version=row.version, note="再去")
    setting_aside.ask(ticket=row, by=actors.staff(cast.quality), version=row.version, code="malicious", note="试点")
    setting_aside.rule(ticket=row, by=actors.staff(cast.supervisor), version=row.version, approved=True)
    row.refresh_from_db()
    return row


def line_of(row: Ticket, kind: str, which: int = 0) -> int:
    return row.ledger.filter(kind=kind).order_by("sequence").values_list("sequence", flat=True)[which]


def test_every_word_is_under_the_chain(row: Ticket) -> None:
    ledger.number_pending()
    assert found() == []
    saying = list(row.ledger.filter(said__isnull=False).order_by("sequence"))
    sayings = [(line.kind, sorted(key.split()[0] for key in line.said or {})) for line in saying]
    assert sayings == [
        ("received", ["message", "request"]),
        ("words_added", ["message", "request"]),
        ("words_added", ["message", "request"]),
        ("transcribed", ["request", "transcript"]),
        ("replied", ["message"]),
        ("evidence_added", ["file"]),
        ("answered", ["answer"]),
        ("rated", ["rating"]),
        ("answered", ["answer"]),
        ("rated", ["rating"]),
    ]
    assert len({line.nonce for line in saying}) == 10
    assert set(row.ledger.filter(said__isnull=True).values_list("nonce", flat=True)) == {""}
    assert row.ledger.filter(kind__in=said.SAYING, said__isnull=True).count() == 0


FORGED = {
    "the first words": (
        "update tickets_message set text = '路灯好了' where text = '路灯坏了'", ("received", 0), Why.WORDS,
    ),
    "a place": (
        "update tickets_message set place = '{\"lat\": 30.5, \"lng\": 121.25}' where place is not null",
        ("words_added", 0), Why.WORDS,
    ),
    "a transcript": (
        "update tickets_message set transcript = '' where transcript <> ''", ("transcribed", 0), Why.WORDS,
    ),
    "the request": ("update tickets_ticket set text = '没事'", ("transcribed", 0), Why.WORDS),
    "a reply": ("update tickets_message set text = '已办结' where text = '已派单'", ("replied", 0), Why.WORDS),
    "a file": ("update tickets_attachment set sha256 = repeat('0', 64)", ("evidence_added", 0), Why.WORDS),
    "the answer": ("update tickets_assignment set public_answer = '已看过'", ("answered", 1), Why.WORDS),
    "the internal answer": ("update tickets_assignment set internal_answer = ''", ("answered", 1), Why.WORDS),
    "whether it was solved": ("update tickets_assignment set solved = true", ("answered", 1), Why.WORDS),
    "a rating's words": ("update tickets_rating set words = '很好' where satisfied = 1", ("rated", 0), Why.WORDS),
    "a score": ("update tickets_rating set satisfied = 5 where satisfied = 1", ("rated", 0), Why.WORDS),
    "a rating taken out": ("delete from tickets_rating where satisfied = 1", ("rated", 0), Why.WORDS),
    "the state": ("update tickets_ticket set state = 'closed'", ("set_aside_approved", 0), Why.STATE),
    "setting aside": ("update tickets_ticket set set_aside = false", ("set_aside_approved", 0), Why.SET_ASIDE),
    "a digest": (
        "update tickets_ledgerentry set said = '{}' where kind = 'replied'", ("replied", 0), Why.HASH,
    ),
    "a nonce": (
        "update tickets_ledgerentry set nonce = repeat('0', 32) where kind = 'replied'", ("replied", 0), Why.WORDS,
    ),
}  # fmt: skip


def test_what_is_altered_is_named_with_its_line(row: Ticket) -> None:
    """One ticket serves for all forgeries: each is undone before the next."""
    named = {}
    for what, (statement, _line, _why) in FORGED.items():
        with transaction.atomic():
            sql(statement)
            named[what] = found(number=row.number)
            transaction.set_rollback(True)
    assert named == {what: [Break(row.number, line_of(row, *line), why)] for what, (_sql, line, why) in FORGED.items()}


def test_set_aside_without_a_line_is_named() -> None:
    row = ticket()
    sql("update tickets_ticket set set_aside = true")
    assert found(number=row.number) == [Break(row.number, 1, Why.SET_ASIDE)]


def test_a_phone_rating_and_a_relayed_word_are_covered() -> None:
    cast = Cast()
    protected = ticket(contact=contact(), confidential=True)
    agent, clerk = actors.staff(cast.agent), actors.staff(cast.clerk)
    lifecycle.accept(ticket=protected, by=agent, version=protected.version)
    lifecycle.dispatch_to(ticket=protected, by=agent, version=protected.version, department=cast.unit)
    lifecycle.sign_for(ticket=protected, by=clerk, version=protected.version)
    confiding.relay(ticket=protected, by=clerk, version=protected.version, text="哪一盏？")
    lifecycle.answer(ticket=protected, by=clerk, version=protected.version, public="已修好")
    quality = actors.staff(cast.quality)
    closing.review(ticket=protected, by=quality, version=protected.version, approved=True)
    closing.follow_up(ticket=protected, by=quality, version=protected.version, reached=True, satisfied=5, note="满意")
    assert found(number=protected.number) == []
    sql("update tickets_rating set words = '很满意'")
    assert found(number=protected.number) == [Break(protected.number, line_of(protected, "followed_up"), Why.WORDS)]
    sql("update tickets_message set text = '何处？' where text = '哪一盏？'")
    assert found(number=protected.number) == [Break(protected.number, line_of(protected, "relayed"), Why.WORDS)]


def test_a_gap_in_the_feed_is_named() -> None:
    for _ in range(3):
        ticket()
    ledger.number_pending()
    anchoring.anchor_ledger()
    assert found() == []
    second = LedgerEntry.objects.order_by("feed")[1]
    sql("update tickets_ledgerentry set feed = null where id = %(pk)s", pk=second.pk)
    assert found() == [FeedBreak(second.feed or 0)]
    ledger.number_pending()
    assert found() == [FeedBreak(second.feed or 0)], "it was given another number"
    assert found(number=second.ticket.number) == [], "the feed is not one ticket's"


def test_lines_without_digest_are_believed_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """As the lines of before the digests are: hashed without `said`."""
    old, new = ticket(), ticket()
    line = old.ledger.get()
    line.said, line.nonce = None, ""
    line.hash = hash_of(line, old.number)
    line.save()
    sql("update tickets_ticket set ledger_head = %(head)s where id = %(pk)s", head=line.hash, pk=old.pk)
    sql("update tickets_message set text = '别的' where ticket_id = %(pk)s", pk=old.pk)
    ledger.number_pending()
    assert run() == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "words not covered: 1 lines are older than the digests of what was said"
    )
    sql("update tickets_message set text = '别的' where ticket_id = %(pk)s", pk=new.pk)
    sql("update tickets_ledgerentry set feed = 9 where feed = 2")
    assert run() == 1
    assert capsys.readouterr().out.startswith(f"broken: ticket {new.number}, line 1: words (")
    sql("delete from tickets_message where ticket_id = %(pk)s", pk=new.pk)
    assert run("--ticket", old.number) == 0
    assert run("--ticket", new.number) == 1


def test_a_verb_with_words_costs_no_further_query(django_assert_num_queries: Any) -> None:
    """The digests go into the line that is written anyway."""
    row, cast = ticket(), Cast()
    message = row.messages.get()
    with django_assert_num_queries(0):
        said.sealed([said.Said(said.What.MESSAGE, message), said.Said(said.What.REQUEST, row)])
    agent = actors.staff(cast.agent)
    lifecycle.accept(ticket=row, by=agent, version=row.version)
    kept = lifecycle.reply(ticket=row, by=agent, version=row.version, text="收到")
    line = row.ledger.get(kind="replied")
    key = f"message {kept.pk}"
    assert line.said == {key: said.digest_of(line.nonce, key, {"text": "收到", "place": None})}


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    verify_ledger.add_arguments(parser)
    return verify_ledger.run(parser.parse_args(words))
