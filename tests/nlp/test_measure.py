"""The figures, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.training.fit import fit_temperature
from nlp.training.grouping import near_duplicate_groups
from nlp.training.measure import Figures, coverage, expected_calibration_error, figures


def test_all_figures_of_four_texts() -> None:
    chances = np.array([[0.9, 0.1, 0, 0], [0.6, 0.3, 0.1, 0], [0.1, 0.8, 0.1, 0], [0.05, 0.05, 0.2, 0.7]])
    truth = np.array([0, 1, 1, -1])  # the last has a label the model does not know
    assert figures(chances, truth) == Figures(
        n=4, accuracy=0.5, macro_f1=0.3333, top3=0.75, ece=0.4, coverage_at_97=0.5
    )


def test_a_coin_that_says_so_is_calibrated_and_one_that_boasts_is_not() -> None:
    right = np.array([True, False] * 50)
    assert expected_calibration_error(np.full(100, 0.5), right) == 0
    assert expected_calibration_error(np.full(100, 1.0), right) == pytest.approx(0.5)


def test_coverage_cuts_only_between_different_confidences() -> None:
    confidence = np.array([0.9, 0.8, 0.8, 0.7])
    assert coverage(confidence, np.array([True, True, False, True]), 0.97) == (0.25, 0.9)
    assert coverage(confidence, np.array([True] * 4), 0.97) == (1.0, 0.7)
    assert coverage(confidence, np.array([False] * 4), 0.97) == (0.0, 1.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_calibration_error_and_coverage_stay_in_bounds(cases: list[tuple[float, bool]]) -> None:
    confidence, right = np.array([c for c, _ in cases]), np.array([r for _, r in cases])
    assert 0 <= expected_calibration_error(confidence, right) <= 1
    share, threshold = coverage(confidence, right, 0.97)
    passed = right[confidence >= threshold] if share else right[:0]
    assert len(passed) == round(share * len(right))
    assert not share or passed.mean() >= 0.97


def test_temperature_makes_a_boaster_humble() -> None:
    target = np.array([0, 1] * 50)
    boast = np.full((100, 2), -10.0)
    boast[np.arange(100), np.where(np.arange(100) % 10 < 8, target, 1 - target)] = 10.0  # right in 80 %
    temperature = fit_temperature(boast, target)
    assert 1 / (1 + np.exp(-10 / temperature)) == pytest.approx(0.8, abs=0.01)


def test_near_duplicates_share_a_group_and_others_do_not() -> None:
    long = "我们小区三栋的电梯从上个月开始就一直坏着没有人来维修，老人上下楼非常困难，请督促物业尽快处理"
    groups = near_duplicate_groups([long, long + "！", "人民路的路灯不亮", long[2:], ""])
    assert groups[0] == groups[1] == groups[3]
    assert len({groups[0], groups[2], groups[4]}) == 3
