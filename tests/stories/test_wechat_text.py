"""A WeChat text: asked, sent to the wrong unit, returned once, sent on, answered, rated, closed."""

import re

from channels_ingest import words
from hotline.tickets.models import Ticket
from tests.fakes.wechat_api import WeChatServer
from tests.stories.world import World, nothing_new, wechat_query, wechat_xml

OPENID = "oJ5XbtwDq3ZkR9yN1mVh7LcGeUaE"


def says(world: World, text: str, message_id: int) -> str:
    """The citizen writes; returns the passive reply's words ("" for `success`)."""
    body = wechat_xml("text", message_id, f"<Content><![CDATA[{text}]]></Content>", OPENID)
    answer = world.public.post(f"/in/wechat/demo/?{wechat_query()}", body, "text/xml")
    assert answer.status_code == 200
    content = re.search(r"<Content><!\[CDATA\[(.*?)\]\]></Content>", answer.content.decode(), re.DOTALL)
    return content[1] if content else ""


def test_from_the_first_word_to_closed_and_rated(world: World, wechat: WeChatServer) -> None:
    wechat.spoke(OPENID)
    reply = says(world, "小区门口的井盖坏了三天，车子压过去咣当响，老人差点绊倒，请派人修一下", 1001)
    ticket = Ticket.objects.get()
    number = ticket.number
    assert reply == words.received(number, ticket.public_code).full

    with nothing_new():
        assert says(world, "小区门口的井盖坏了三天，车子压过去咣当响，老人差点绊倒，请派人修一下", 1001) == reply

    world.settle()
    suggestion = world.at_screen("agent1").get(f"/api/v1/tickets/{number}/suggestion").json()
    assert len(suggestion["departments"]) == 3
    assert suggestion["matter"][0]["code"] == "0108"
    assert all(unit["reasons"] for unit in suggestion["departments"])

    world.does("agent1", "accept", number, type="help", matter="0108", title="小区门口井盖坏了")
    assert says(world, "补充一下，是东门那一个", 1002) == words.added(number)
    world.settle()
    assert [m["text"] for m in world.sees("agent1", number)["messages"] if m["direction"] == "in"] == [
        "小区门口的井盖坏了三天，车子压过去咣当响，老人差点绊倒，请派人修一下",
        "补充一下，是东门那一个",
    ]

    world.does("agent1", "dispatch", number, department="traffic", assisting=[], note="请尽快")
    assert world.at_screen("water").get(f"/api/v1/tickets/{number}").status_code == 404
    world.does("traffic", "sign", number)
    world.does(
        "traffic",
        "return",
        number,
        reason="not_our_duty",
        basis="井盖属排水设施，不在公路范围",
        proposed_department="urban",
        note="建议城管局",
    )
    world.does("lead1", "rule-on-return", number, upheld=True, department="urban", note="同意")
    assert world.at_screen("traffic").get(f"/api/v1/tickets/{number}").status_code == 404

    world.does("urban", "sign", number)
    world.does("urban", "answer", number, public="井盖已更换并加固，请留意通行。", internal="工单0421", solved=True)
    assert not any("井盖已更换" in sent.text for sent in wechat.sent), "an answer is told only once it is approved"
    world.does("agent1", "review", number, approved=True)

    assert says(world, "1", 1003) == words.RATED
    world.settle()

    assert world.story_of(number) == [
        "received",
        "suggested",
        "accepted by agent1",
        "words_added",
        "suggested",
        "dispatched by agent1",
        "signed by traffic",
        "return_requested by traffic",
        "return_upheld by lead1",
        "signed by urban",
        "answered by urban",
        "review_passed by agent1",
        "rated",
        "closed",
    ]
    told = [sent.text for sent in wechat.sent]
    due = Ticket.objects.get().ledger.get(kind="dispatched").data["due_at"]
    moved_due = Ticket.objects.get().ledger.get(kind="return_upheld").data["due_at"]
    assert told == [
        words.accepted(number).full,
        words.dispatched(number, "云水市交通运输局", _moment(due)).full,
        words.moved(number, "云水市城市管理和综合执法局", _moment(moved_due)).full,
        words.answered(number, "井盖已更换并加固，请留意通行。").full,
        words.closed(number, invite=False).full,
    ]
    closed = Ticket.objects.get()
    assert (closed.state, closed.satisfied, closed.department.code) == ("closed", 5, "urban")
    assert closed.first_department.code == "traffic"


def test_a_bad_rating_goes_to_rework(world: World, wechat: WeChatServer) -> None:
    wechat.spoke(OPENID)
    says(world, "人行道的地砖松了，下雨天一踩一身水", 2001)
    number = Ticket.objects.get().number
    world.settle()
    world.does("agent1", "accept", number)
    world.does("agent1", "dispatch", number, department="urban")
    world.does("urban", "sign", number)
    world.does("urban", "answer", number, public="已经安排。")
    world.does("lead1", "review", number, approved=True)
    assert says(world, "4，没有人来过", 2002) == words.RATED_BADLY
    world.settle()
    seen = world.sees("urban", number)
    assert seen["state"] == "rework"
    assert world.story_of(number)[-2:] == ["rated", "rework"]
    assert wechat.sent[-1].text.startswith(f"编号{number}的诉求已安排重新办理")
    world.does("urban", "answer", number, public="地砖已全部重铺。", solved=True)
    world.does("lead1", "review", number, approved=True)
    says(world, "非常满意", 2003)
    world.settle()
    assert Ticket.objects.get().state == "closed"


def test_words_right_after_a_bad_rating_do_not_undo_it(world: World, wechat: WeChatServer) -> None:
    wechat.spoke(OPENID)
    says(world, "楼下的井盖不见了", 2101)
    number = Ticket.objects.get().number
    world.settle()
    world.does("agent1", "answer-directly", number, public="已经报修。")
    says(world, "5", 2102)
    says(world, "根本没有人来修", 2103)
    world.settle()
    assert world.story_of(number)[-4:] == ["rated", "words_added", "rework", "suggested"]
    assert Ticket.objects.get().state == "accepted"


def test_words_after_dispatch_join_and_a_new_matter_opens_a_new_ticket(world: World, wechat: WeChatServer) -> None:
    wechat.spoke(OPENID)
    says(world, "路灯不亮了，晚上很黑", 3001)
    first = Ticket.objects.get()
    world.settle()
    world.does("agent1", "accept", first.number)
    world.does("agent1", "dispatch", first.number, department="urban")
    says(world, "今天还是不亮", 3002)
    assert first.messages.filter(direction="in").count() == 2
    assert Ticket.objects.get().unread
    reply = says(world, "新诉求 公交车很久不来一趟", 3003)
    second = Ticket.objects.exclude(pk=first.pk).get()
    assert reply == words.received(second.number, second.public_code).full
    assert second.text == "公交车很久不来一趟"


def _moment(text: str):
    from django.utils.dateparse import parse_datetime

    return parse_datetime(text)
