"""Anchors: what a chain alone cannot show, the tree itself, and the command that proves the ledger."""

import argparse
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hotline.commands import verify_ledger
from hotline.tickets import actors, clock, closing, ledger, lifecycle
from hotline.tickets.models import Anchor, AnchorLeaf, LedgerEntry, Ticket
from hotline.tickets.proof import anchoring, checking, merkle, signing
from hotline.tickets.proof.chain import Break, Why, hash_of
from hotline.tickets.proof.checking import AnchorBreak, AnchorWhy, AnyBreak, FeedBreak, Scope
from hotline.tickets.proof.export import proof_of
from tests.factories import Cast, ticket


def sql(statement: str, *values: Any) -> None:
    """What somebody with the database's password does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def anchor() -> Anchor | None:
    """Number what the test wrote, then anchor it."""
    ledger.number_pending()
    return anchoring.anchor_ledger()


def found(**scope: Any) -> list[AnyBreak]:
    return list(checking.breaks(Scope(**scope)))


# --- the tree ---------------------------------------------------------------------------------------


def test_the_tree_is_that_of_rfc_6962() -> None:
    """The roots published with the test vectors of Certificate Transparency."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert [merkle.root(leaves[:size]).hex() for size in (0, 1, 2, 3, 5, 8)] == [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]


@given(st.integers(1, 70), st.data())
def test_every_path_leads_to_the_root_and_no_other_leaf_does(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(size)]
    position = data.draw(st.integers(0, size - 1))
    steps = merkle.path(leaves, position)
    assert merkle.climb(leaves[position], steps) == merkle.root(leaves)
    assert merkle.climb(merkle.leaf_hash(b"another"), steps) != merkle.root(leaves)
    assert len(steps) <= (size - 1).bit_length()


# --- anchoring --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_anchor_holds_what_grew_since_the_one_before() -> None:
    cast = Cast()
    first, second = cast.ticket_in("accepted"), ticket()
    one = anchor()
    assert one is not None
    assert anchor() is None, "nothing was written meanwhile"
    closing.withdraw(ticket=second, by=actors.CITIZEN)
    two = anchor()
    assert two is not None
    held = AnchorLeaf.objects.order_by("anchor", "position").values_list("anchor", "ticket", "length", "head")
    assert list(held) == [
        (one.pk, first.pk, 2, first.ledger_head),
        (one.pk, second.pk, 1, second.ledger.get(sequence=1).hash),
        (two.pk, second.pk, 2, second.ledger_head),
    ]
    assert (one.sequence, one.leaves, one.previous_hash) == (1, 2, "")
    assert (two.sequence, two.leaves, two.previous_hash) == (2, 1, one.hash)
    assert two.feed == ledger.head()
    assert found() == []


@pytest.mark.django_db
def test_an_anchor_is_signed_with_the_key_of_the_environment(settings: Any) -> None:
    ticket()
    made = anchor()
    assert made is not None
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signing.public_key()))
    key.verify(bytes.fromhex(made.signature), bytes.fromhex(made.hash))
    old = signing.public_key()
    settings.LEDGER_KEY = "another-key-that-is-long-enough-to-be-one"
    assert found() == [AnchorBreak(1, AnchorWhy.SIGNATURE)]
    settings.LEDGER_OLD_KEYS = [old]
    assert found() == []


@pytest.mark.django_db
def test_a_lost_end_is_named_though_the_head_was_put_back() -> None:
    row = Cast().ticket_in("closed")
    anchor()
    kept = row.ledger.get(sequence=4)
    sql("delete from tickets_ledgerentry where ticket_id = %s and sequence > 4", row.pk)
    put_back = "update tickets_ticket set ledger_length = 4, ledger_head = %s, state = %s where id = %s"
    sql(put_back, kept.hash, kept.state, row.pk)
    assert ledger.verify(Ticket.objects.get(pk=row.pk)), "the chain alone does not show it"
    assert found() == [Break(row.number, 5, Why.MISSING), FeedBreak(5)]
    lifecycle.note(ticket=row, by=actors.staff(Cast().agent), version=row.version, text="一切如常")
    assert found() == [Break(row.number, 6, Why.MISSING), FeedBreak(5)]
    assert anchor() is not None, "the night goes on and names it still"
    assert found() == [Break(row.number, 6, Why.MISSING), FeedBreak(5)]


@pytest.mark.django_db
def test_a_chain_written_anew_is_not_the_one_that_was_anchored() -> None:
    row, other = Cast().ticket_in("accepted"), ticket()
    anchor()
    row.refresh_from_db()
    lines = list(row.ledger.order_by("sequence"))
    row.ledger_length, row.ledger_head = 0, ""
    head = ""
    for line in lines:
        line.at += timedelta(hours=1)
        line.previous_hash = head
        line.hash = head = hash_of(line, row.number)
        line.save()
    sql("update tickets_ticket set ledger_head = %s where id = %s", head, row.pk)
    assert ledger.verify(Ticket.objects.get(pk=row.pk))
    assert found() == [Break(row.number, 2, Why.ANCHORED)]
    assert found(number=row.number) == [Break(row.number, 2, Why.ANCHORED)]
    assert found(number=other.number) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("update tickets_anchorleaf set head = repeat('0', 64) where length = 2", (2, "root")),
        ("update tickets_anchorleaf set length = 1 where length = 2", (2, "root")),
        ("delete from tickets_anchorleaf where anchor_id = (select max(id) from tickets_anchor)", (2, "root")),
        ("update tickets_anchor set root = repeat('0', 64) where sequence = 2", (2, "hash")),
        ("update tickets_anchor set at = at + interval '1 day' where sequence = 2", (2, "hash")),
        ("update tickets_anchor set feed = feed + 1 where sequence = 2", (2, "hash")),
        ("update tickets_anchor set leaves = 9 where sequence = 2", (2, "hash")),
        ("update tickets_anchor set previous_hash = '' where sequence = 2", (2, "previous_hash")),
        ("update tickets_anchor set signature = repeat('0', 128) where sequence = 2", (2, "signature")),
        ("update tickets_anchor set signature = 'none' where sequence = 2", (2, "signature")),
        ("update tickets_anchor set key = repeat('0', 64) where sequence = 2", (2, "signature")),
        ("update tickets_anchor set sequence = 9 where sequence = 2", (2, "missing")),
    ],
)
def test_a_changed_anchor_is_named(statement: str, broken: tuple[int, str]) -> None:
    ticket()
    anchor()
    Cast().ticket_in("accepted")
    anchor()
    sql(statement)
    assert [(b.anchor, str(b.why)) for b in found() if isinstance(b, AnchorBreak)][:1] == [broken]


@pytest.mark.django_db
def test_an_anchor_taken_out_is_missed() -> None:
    for _night in range(3):
        ticket()
        anchor()
    sql("delete from tickets_anchorleaf where anchor_id in (select id from tickets_anchor where sequence = 2)")
    sql("delete from tickets_anchor where sequence = 2")
    assert found() == [AnchorBreak(2, AnchorWhy.MISSING)]


# --- what one ticket takes with it --------------------------------------------------------------------


@pytest.mark.django_db
def test_one_tickets_proof_stands_alone() -> None:
    cast = Cast()
    others = [ticket() for _ in range(6)]
    row = cast.ticket_in("accepted")
    anchor()
    lifecycle.note(ticket=row, by=actors.staff(cast.agent), version=row.version, text="次日")
    anchor()
    lifecycle.note(ticket=row, by=actors.staff(cast.agent), version=row.version, text="尚未存证")
    row.refresh_from_db()
    proof = proof_of(row)
    assert (proof["number"], proof["length"], proof["head"]) == (row.number, 4, row.ledger_head)
    assert [held["leaf"]["length"] for held in proof["anchors"]] == [2, 3]
    for held in proof["anchors"]:
        leaf = anchoring.leaf_of(row.number, held["leaf"]["length"], held["leaf"]["head"])
        steps = [(step["side"], bytes.fromhex(step["hash"])) for step in held["path"]]
        assert merkle.climb(leaf, steps).hex() == held["root"]
    assert len(proof["anchors"][0]["path"]) <= len(others).bit_length()


# --- the command --------------------------------------------------------------------------------------


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    verify_ledger.add_arguments(parser)
    return verify_ledger.run(parser.parse_args(words))


@pytest.mark.django_db
def test_the_command_proves_or_names(capsys: pytest.CaptureFixture[str]) -> None:
    cast = Cast()
    with clock.at(timezone.now() - timedelta(days=3)):
        old = ticket()
    row = cast.ticket_in("handling")
    anchor()
    today = timezone.localdate().isoformat()
    assert run() == 0
    assert capsys.readouterr().out == "whole: 5 lines, 1 anchors; 0 lines wait for the next anchor\n"
    assert run("--since", today) == 0
    assert capsys.readouterr().out == "whole: 4 lines, 1 anchors; 0 lines wait for the next anchor\n"
    sql("update tickets_ledgerentry set data = '{}' where ticket_id = %s", old.pk)
    assert (run("--ticket", row.number), run("--since", today)) == (0, 0)
    capsys.readouterr()
    assert (run(), run("--ticket", old.number)) == (1, 1)
    named = f"broken: ticket {old.number}, line 1: hash"
    assert [line.startswith(named) for line in capsys.readouterr().out.splitlines()] == [True, True]
    assert run("--ticket", "1") == 2
    assert capsys.readouterr().err == "there is no ticket 1\n"


@pytest.mark.django_db
def test_the_night_reads_only_what_the_day_wrote(django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        ticket()
    anchor()
    ticket()
    ledger.number_pending()
    with django_assert_max_num_queries(8):
        made = anchoring.anchor_ledger()
    assert made is not None
    assert made.leaves == 1
    assert LedgerEntry.objects.count() == 31
