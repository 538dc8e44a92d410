"""Champion and challenger: exact counts, and no promotion by luck."""

import pytest

from dispatch.learning.comparing import Guess, compare, figures
from tests.dispatch.learning.pupils import OPEN, case

CASES = [case(number, 3) for number in OPEN[:100]]


def said(right: int, confidence: float = 0.8, wrong: str = "complaint") -> list[Guess]:
    """The first `right` of the hundred cases right."""
    return [Guess("help" if place < right else wrong, confidence) for place in range(100)]


@pytest.mark.parametrize(
    ("champion", "challenger", "p", "why"),
    [
        (80, 87, 0.5**7, "better"),  # seven tosses, all one way
        (80, 86, 0.5**6, "within_noise"),  # six could be luck, once in 64 nights
        (80, 80, 1.0, "within_noise"),
        (87, 80, 1.0, "within_noise"),
    ],
)
def test_it_wins_only_beyond_noise(champion: int, challenger: int, p: float, why: str) -> None:
    verdict = compare(CASES, said(champion), said(challenger))
    assert (verdict.why, verdict.better) == (why, why == "better")
    assert verdict.p == pytest.approx(p, abs=1e-6)
    assert (verdict.won, verdict.lost) == (max(challenger - champion, 0), max(champion - challenger, 0))


def test_being_right_more_often_does_not_excuse_boasting() -> None:
    verdict = compare(CASES, said(80, 0.8), said(87, 0.99))
    assert (verdict.better, verdict.why) == (False, "boasts")


def test_figures_by_hand() -> None:
    cases = [case("a", 1, "help"), case("b", 1, "help"), case("c", 1, "complaint"), case("d", 1, "praise")]
    guesses = [Guess("help", 0.9), Guess("complaint", 0.6), Guess("complaint", 0.7), Guess("", 0.0)]
    found = figures(cases, guesses)
    assert (found["n"], found["accuracy"]) == (4, 0.5)
    assert found["classes"] == {
        "": {"n": 0, "chosen": 1, "right": 0},
        "complaint": {"n": 1, "chosen": 2, "right": 1},
        "help": {"n": 2, "chosen": 1, "right": 1},
        "praise": {"n": 1, "chosen": 0, "right": 0},
    }
    assert found["coverage_at_97"] == 0.5
    assert figures([], []) == {"n": 0}
