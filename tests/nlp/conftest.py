"""Models made once for the tests of nlp: a small one of three labels, and the product's starting models."""

from __future__ import annotations

import pytest
from hypothesis import settings

from nlp.classify import Classifier
from nlp.training.dataset import Examples
from nlp.training.fit import train

# a busy machine must not fail a test of correctness
settings.register_profile("nlp", deadline=None)
settings.load_profile("nlp")

SUBJECTS = {
    "水": ("自来水停水了", "水管爆了没有水", "水压太低水龙头没水", "水费突然多了很多"),
    "路": ("路面坑洼车开不了", "修路修了半年", "人行道地砖松动", "红绿灯坏了路口很乱"),
    "学": ("学校乱收费", "老师体罚学生", "孩子上学没有学位", "食堂饭菜有虫"),
}


def small_examples() -> Examples:
    """Three labels that a child could tell apart, each said in many ways."""
    said = [
        (f"{opening}{place}{fact}{closing}", label)
        for label, facts in SUBJECTS.items()
        for fact in facts
        for opening in ("你好，", "我要反映，", "")
        for place in ("我们这里", "东边", "老城区")
        for closing in ("，请处理", "，怎么办", "")
    ]
    return Examples(texts=tuple(text for text, _ in said), labels=tuple(label for _, label in said))


@pytest.fixture(scope="session")
def small_model() -> Classifier:
    return train(small_examples(), quiet=True).classifier
