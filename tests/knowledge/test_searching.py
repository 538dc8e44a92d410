"""What is found by a few words, and what is offered to somebody who is still speaking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hotline.knowledge import searching
from hotline.knowledge.models import Article
from nlp.relevance import Known, Match, Relevance
from tests.knowledge.shelf import published

FUND = Known(("公积金异地提取要什么材料", "外地公积金怎么取"), "带身份证到公积金中心办理。")
CARD = Known(("身份证丢了怎么补办",), "到派出所补领，工本费四十元。")
WAGES = Known(("公司拖欠工资怎么办", "讨薪"), "到劳动保障监察大队投诉。")


def test_the_words_decide() -> None:
    index = Relevance([FUND, CARD, WAGES])
    [match] = index.asked("我在外地上班，想问一下外地公积金怎么取，急用钱", 3, 0.5)
    assert (match.position, match.share) == (0, 1.0)
    assert set(match.words) >= {"外地", "公积金", "怎么"}
    assert index.search("补办 身份证", 3)[0] == 1
    assert index.search("派出所", 3) == [1]


def test_of_a_long_talk_the_last_words_are_heard() -> None:
    index = Relevance([FUND, CARD, WAGES])
    talk = "楼下烧烤摊半夜还在放音响。" * 200 + "还想问一下外地公积金怎么取"
    assert [match.position for match in index.asked(talk, 3, 0.5)] == [0]


def test_nothing_is_offered_where_nothing_fits() -> None:
    index = Relevance([FUND, CARD, WAGES])
    assert index.asked("楼下烧烤摊半夜还在放音响，整栋楼都睡不着", 3, 0.5) == []
    assert index.asked("", 3, 0.5) == []
    lost = Relevance([Known(("身份证不见了",), "到派出所补领，带户口簿和身份证，身份证工本费四十元。"), FUND, WAGES])
    assert lost.asked("路灯坏了三天，老人看不见台阶", 3, 0.5) == []
    assert [match.position for match in lost.asked("我的身份证昨天不见了", 3, 0.5)] == [0]
    assert index.search("，。！", 3) == []
    assert Relevance([]).search("公积金", 3) == []
    assert Relevance([Known(("……",), "")]).asked("公积金", 3, 0.5) == []


def test_one_of_several_ways_of_asking_is_enough() -> None:
    index = Relevance([WAGES, CARD, FUND])
    assert index.asked("我要讨薪", 3, 0.5) == [Match(0, 1.0, ("讨薪",))]


@pytest.mark.django_db
def test_citizens_find_what_is_theirs_to_read() -> None:
    open_ = published("公司拖欠工资怎么办")
    inside = published("坐席口径：拖欠工资的来电", audience=Article.Audience.STAFF)
    assert searching.search("拖欠工资", citizens=True) == [open_]
    assert set(searching.search("拖欠工资", citizens=False)) == {open_, inside}
    assert [found.article for found in searching.suggest("公司拖欠工资三个月了", citizens=True)] == [open_]


@pytest.mark.django_db
def test_the_index_follows_every_change() -> None:
    first = published("社保卡丢了怎么补")
    assert searching.search("社保卡", citizens=True) == [first]
    second = published("社保卡怎么激活")
    assert set(searching.search("社保卡", citizens=True)) == {first, second}
    last_day = timezone.localdate() - timedelta(days=1)
    Article.objects.filter(pk=first.pk).update(valid_from=last_day, valid_until=last_day)
    assert searching.search("社保卡", citizens=True) == [second]


@pytest.mark.django_db
def test_an_edition_committed_late_is_followed_too() -> None:
    """Of two changes at once the earlier may be committed last: then neither number nor newest moment moves."""
    old, other = published("居住证到期怎么续签"), published("社保卡怎么激活")
    new = published("居住证续签要什么材料")
    Article.objects.filter(pk=new.pk).update(state=Article.State.RETIRED)
    assert searching.search("居住证", citizens=True) == [old]
    Article.objects.filter(pk=old.pk).update(state=Article.State.RETIRED)
    Article.objects.filter(pk=new.pk).update(state=Article.State.PUBLISHED, updated_at=other.updated_at)
    Article.objects.filter(pk=old.pk).update(updated_at=other.updated_at)
    assert searching.search("居住证", citizens=True) == [new]


@pytest.mark.django_db
def test_an_index_that_stands_asks_two_questions(django_assert_num_queries: object) -> None:
    for number in range(5):
        published(f"社保卡第{number}种问题怎么办")
    searching.search("社保卡", citizens=True)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(searching.search("社保卡", citizens=True)) == 5
