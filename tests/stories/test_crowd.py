"""A crowd: five citizens and a sixth report one matter, are merged, hear one answer each, and one was no repeat."""

import re
from dataclasses import dataclass

from channels_ingest import words
from channels_ingest.models import ContactPoint, OutboundMessage
from hotline.tickets.models import Ticket
from tests.fakes.wechat_api import WeChatServer
from tests.stories.world import World, wechat_query, wechat_xml

TEXT = "解放路整条街的路灯都不亮，晚上看不见路"
ANSWER = "解放路供电已恢复，路灯全部亮起。"


@dataclass
class Neighbour:
    """One citizen on WeChat."""

    world: World
    openid: str
    said: int = 0

    def says(self, text: str) -> str:
        """Write; returns the passive reply."""
        self.said += 1
        message = int(self.openid[-2:]) * 1000 + self.said
        body = wechat_xml("text", message, f"<Content><![CDATA[{text}]]></Content>", self.openid)
        answer = self.world.public.post(f"/in/wechat/demo/?{wechat_query()}", body, "text/xml")
        found = re.search(r"<Content><!\[CDATA\[(.*?)\]\]></Content>", answer.content.decode(), re.DOTALL)
        return found[1] if found else ""

    @property
    def tickets(self) -> list[Ticket]:
        """What they reported, oldest first."""
        return list(ContactPoint.objects.get(external_id=self.openid).tickets.order_by("pk"))


def test_one_answer_for_everybody_once(world: World, wechat: WeChatServer) -> None:
    crowd = [Neighbour(world, f"oJ5XbtwDq3ZkR9yN1mVh7LcGeU{n:02}") for n in range(1, 7)]
    for neighbour in crowd:
        wechat.spoke(neighbour.openid)
        neighbour.says(TEXT)
        world.settle()
    crowd[1].says("新诉求 " + TEXT)
    world.settle()
    parent = crowd[0].tickets[0]
    reports = [*crowd[1].tickets, *(n.tickets[0] for n in crowd[2:])]
    world.does("agent1", "accept", parent.number, title="解放路路灯不亮")
    for report in reports:
        world.does("agent1", "merge", report.number, into=parent.number)

    seen = world.sees("agent1", parent.number)
    assert seen["children_count"] == 6
    assert [child["number"] for child in seen["children"]] == sorted(report.number for report in reports)
    assert seen["crowd"]
    lost = reports[-1]
    world.does("agent1", "unmerge", lost.number, note="是另一条路")
    assert world.sees("agent1", lost.number)["state"] == "received"

    world.does("agent1", "dispatch", parent.number, department="urban")
    assert world.sees("urban", parent.number)["children_count"] == 5
    assert world.sees("urban", parent.number)["children"] == []
    world.does("urban", "sign", parent.number)
    world.does("urban", "answer", parent.number, public=ANSWER, solved=True)
    if world.sees("agent1", parent.number)["state"] == "answer_review":
        world.does("agent1", "review", parent.number, approved=True)

    answered = [(sent.to, sent.text) for sent in wechat.sent if ANSWER in sent.text]
    newest_of_second = crowd[1].tickets[1]
    expected = [parent, newest_of_second, *(neighbour.tickets[0] for neighbour in crowd[2:5])]
    assert sorted(answered) == sorted(
        (ticket.contact.external_id, words.answered(ticket.number, ANSWER).full) for ticket in expected
    )
    told = OutboundMessage.objects.filter(ticket=lost).order_by("pk").values_list("text", flat=True)
    assert list(told)[-2:] == [words.joined(lost.number).full, words.unmerged(lost.number, "received").full]

    progress = crowd[2].says(f"CX {crowd[2].tickets[0].number}")
    assert progress.startswith(f"{crowd[2].tickets[0].number} 已合并办理，已答复")
    assert crowd[2].says("2") == words.RATED
    world.settle()
    said = crowd[3].says("5，我家门口还是黑的")
    assert said == words.RATED, "an amendment: the first is scored, the bad word goes to rework"
    world.settle()
    kept = parent.ratings.order_by("pk").values_list("satisfied", "counts", "words")
    assert list(kept) == [(4, True, ""), (1, False, "我家门口还是黑的")]
    assert world.story_of(parent.number) == [
        "received",
        "suggested",
        "accepted by agent1",
        *["child_merged by agent1"] * 6,
        "child_unmerged by agent1",
        "dispatched by agent1",
        "signed by urban",
        "answered by urban",
        "review_passed by agent1",
        "rated",
        "closed",
        "rated",
        "rework",
    ]
    assert world.story_of(lost.number) == ["received", "suggested", "merged by agent1", "unmerged by agent1"]
    assert world.story_of(reports[0].number) == ["received", "suggested", "merged by agent1"]


def test_when_one_takes_it_back_the_others_go_on(world: World, wechat: WeChatServer) -> None:
    first, second = (Neighbour(world, f"oJ5XbtwDq3ZkR9yN1mVh7LcGeU{n}") for n in (71, 72))
    for neighbour in (first, second):
        wechat.spoke(neighbour.openid)
        neighbour.says(TEXT)
        world.settle()
    parent, report = first.tickets[0], second.tickets[0]
    world.does("agent1", "merge", report.number, into=parent.number)
    assert first.says(f"撤销 {parent.number}") == words.withdrawn(parent.number).full
    world.settle()
    assert world.story_of(parent.number)[-2:] == ["withdrawn", "child_unmerged"]
    assert world.story_of(report.number)[-2:] == ["merged by agent1", "unmerged"]
    assert world.sees("agent1", report.number)["state"] == "received"
    assert wechat.sent[-1].text == words.unmerged(report.number, "received").full


def test_two_matters_in_one_request(world: World, wechat: WeChatServer) -> None:
    citizen = Neighbour(world, "oJ5XbtwDq3ZkR9yN1mVh7LcGeU81")
    wechat.spoke(citizen.openid)
    citizen.says("路灯坏了，还有楼下烧烤油烟很大")
    world.settle()
    parent = citizen.tickets[0]
    parts = [{"text": "楼下烧烤油烟很大", "title": "烧烤油烟"}]
    seen = world.does("agent1", "split", parent.number, parts=parts)
    (child,) = citizen.tickets[1:]
    assert [row["number"] for row in seen["split_off"]] == [child.number]
    assert world.sees("agent1", child.number)["split_from"] == parent.number
    assert wechat.sent[-1].text == words.split_off(child.number, child.public_code, parent.number).full
    assert world.story_of(parent.number) == ["received", "suggested", "split by agent1"]
    assert world.story_of(child.number) == ["received", "suggested"]


def test_a_refusal_names_the_right_door(world: World, wechat: WeChatServer) -> None:
    citizen = Neighbour(world, "oJ5XbtwDq3ZkR9yN1mVh7LcGeU91")
    wechat.spoke(citizen.openid)
    citizen.says("法院判了钱还没给我")
    world.settle()
    number = citizen.tickets[0].number
    version = world.sees("agent1", number)["version"]
    answer = world.post("agent1", "refuse", number, version=version)
    assert answer.status_code == 422
    assert sorted(answer.json()["errors"]) == ["door", "reason"]
    listed = next(row for row in world.at_screen("agent1").get("/api/v1/reasons?list=refusal").json()["results"])
    world.does("agent1", "refuse", number, code=listed["code"])
    line = Ticket.objects.get(number=number).ledger.get(kind="refused").data
    assert (line["code"], line["door"]) == (listed["code"], listed["door"])
    assert line["door"]
    assert wechat.sent[-1].text == words.refused(number, line["reason"], line["door"]).full
