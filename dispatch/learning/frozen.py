"""The frozen test set: every tenth ticket by a hash of its number, for ever; nothing is ever trained on it.

The rule was chosen once and must not change: the set grows with the tickets, and a ticket in it stays
in it. What nearly repeats a frozen ticket (the same complaint, copied and sent again) teaches nothing
either, or the test would ask what was learned by heart.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

EVERY = 10
_SALT = b"12345 frozen test set/"


class Numbered(Protocol):
    """A case that says which ticket it is of, and what was said."""

    @property
    def number(self) -> str:
        """The ticket's."""

    @property
    def text(self) -> str:
        """The citizen's words."""


C = TypeVar("C", bound=Numbered)


class FrozenCaseInTraining(Exception):
    """A ticket of the frozen test set was about to be trained on."""


def is_frozen(number: str) -> bool:
    """Whether the ticket of this number belongs to the frozen test set."""
    digest = hashlib.sha256(_SALT + number.encode()).digest()
    return int.from_bytes(digest[:8]) % EVERY == 0


def only_frozen(cases: Iterable[C]) -> list[C]:
    """The cases of the frozen test set."""
    return [case for case in cases if is_frozen(case.number)]


def without_frozen(cases: Iterable[C]) -> list[C]:
    """All others."""
    return [case for case in cases if not is_frozen(case.number)]


def for_training(cases: Sequence[C]) -> list[C]:
    """What may be trained on: no frozen case, and none that nearly repeats one."""
    from nlp.training.grouping import near_duplicate_groups  # brings scipy, which only training needs

    if not cases:
        return []
    groups = near_duplicate_groups([case.text for case in cases])
    closed = {group for case, group in zip(cases, groups, strict=True) if is_frozen(case.number)}
    return [case for case, group in zip(cases, groups, strict=True) if group not in closed]


def refuse_frozen(cases: Iterable[Numbered]) -> None:
    """The last door before every training: raises FrozenCaseInTraining."""
    leaked = [case.number for case in cases if is_frozen(case.number)]
    if leaked:
        raise FrozenCaseInTraining(f"{len(leaked)} tickets of the frozen test set, {leaked[0]} among them")


def digest_of(cases: Iterable[Numbered]) -> str:
    """Names a set of cases, so that figures of the same set can be told from figures of a grown one."""
    listing = "\n".join(sorted(case.number for case in cases))
    return hashlib.sha256(listing.encode()).hexdigest()[:12]
