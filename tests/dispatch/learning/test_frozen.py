"""The frozen test set: chosen by a rule that never changes, and nothing of it is ever trained on."""

from pathlib import Path

import pytest

from dispatch.learning import frozen
from dispatch.learning.frozen import FrozenCaseInTraining, is_frozen
from dispatch.learning.learners import WordsLearner
from dispatch.models import Taught
from tests.dispatch.learning.pupils import FROZEN, OPEN, case


def test_the_rule_is_what_it_was_when_the_set_was_chosen() -> None:
    """Were the rule changed, tickets that models were trained on would come into the test set."""
    chosen = [number for number in range(60) if is_frozen(f"GD20261122{number:05}")]
    assert chosen == [1, 18, 20, 21, 28, 42, 54]
    assert 0.08 < len(FROZEN) / 3_000 < 0.12


def test_what_nearly_repeats_a_frozen_ticket_teaches_nothing() -> None:
    said = "人民路与解放路交叉口的路灯已经坏了一个多星期，晚上很黑，老人和孩子走路很危险，请尽快派人来修一下"
    cases = [
        case(FROZEN[0], 9, text=said),
        case(OPEN[0], 8, text=said + "！"),
        case(OPEN[1], 8, text="小区门口的垃圾已经三天没有人来清运，天气热，味道很大，希望有关部门处理"),
    ]
    assert [kept.number for kept in frozen.for_training(cases)] == [OPEN[1]]
    assert frozen.for_training([]) == []


def test_no_training_takes_a_frozen_ticket(tmp_path: Path) -> None:
    with pytest.raises(FrozenCaseInTraining, match=f"1 tickets.*{FROZEN[0]}"):
        WordsLearner(Taught.TYPE).train([case(OPEN[0], 9), case(FROZEN[0], 9)], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_set_has_a_name_that_changes_only_when_it_grows() -> None:
    first = [case(FROZEN[0], 9), case(FROZEN[1], 8)]
    assert frozen.digest_of(first) == frozen.digest_of(reversed(first))
    assert frozen.digest_of(first) != frozen.digest_of([*first, case(FROZEN[2], 1)])
