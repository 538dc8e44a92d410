"""Answers: what is asked must be met, phrases are none, what was copied is found, promised days are dates."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from dispatch import answers
from hotline.cli import main
from nlp.copies import Copies
from nlp.promises import promises
from nlp.replies import SENTENCES, check, substance, tone
from nlp.when import days, soonest

DAY = date(2026, 11, 18)  # a Wednesday
ASKED = "人民路的路灯坏了半个月没人修，晚上很黑。请问什么时候能修好路灯？"
GOOD = (
    "您好！经现场查看，人民路12盏路灯因电缆被挖断不亮。我局已于11月17日与您电话联系，"
    "预计12月5日前修好路灯。感谢您的监督。"
)
HOLLOW = "您好！您反映的问题已收悉，我局高度重视，已转相关单位处理。感谢您的关心与支持！"


def kinds(message: str, reply: str) -> set[str]:
    return {finding.kind for finding in check(message, reply, day=DAY).findings}


def test_a_good_answer_has_no_findings_and_its_promise_is_a_date() -> None:
    review = check(ASKED, GOOD, day=DAY)
    assert review.findings == ()
    assert review.contacted
    assert [promise.due for promise in review.promises] == [date(2026, 12, 5)]
    assert review.score < check(ASKED, HOLLOW, day=DAY).score


def test_phrases_are_no_answer() -> None:
    assert kinds(ASKED, HOLLOW) >= {"unanswered", "short", "empty", "passing", "off_point", "official"}


def test_a_finding_points_at_its_words() -> None:
    finding = next(each for each in check(ASKED, HOLLOW, day=DAY).findings if each.kind == "passing")
    assert "已转相关单位" in HOLLOW[finding.start : finding.end]
    unmet = next(each for each in check(ASKED, HOLLOW, day=DAY).findings if each.kind == "unanswered")
    assert (unmet.where, ASKED[unmet.start : unmet.end]) == ("message", "请问什么时候能修好路灯？")


def test_only_the_demand_that_was_passed_over_is_named() -> None:
    asked = "请问幼儿园秋季招生何时开始报名？请问小区的公交站什么时候增设？"
    missed = [
        (each.code, each.told)
        for each in check(
            asked, "幼儿园秋季招生6月1日开始报名，可以在网上办理，材料见招生通知，咨询窗口在二楼，周末不休息。", day=DAY
        ).findings
    ]
    assert missed == [("unanswered", {"words": "请问小区的公交站什么时候增设？"})]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("passing", "此事不属于我局职责，请向有关部门反映。"),
        ("cold", "你反映的情况纯属捏造，无可奉告。"),
        ("official", "下一步我局将进一步加大巡查力度。"),
    ],
)
def test_tone(kind: str, words: str) -> None:
    assert kind in {finding.kind for finding in tone(words)}


def test_the_substance_is_without_greeting_and_thanks() -> None:
    assert substance("网友您好！您的留言已收悉。现将有关情况回复如下：路灯已修好。感谢您的支持！") == "路灯已修好。"


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("预计12月底前完成路面修复", date(2026, 12, 31)),
        ("我们将在下周三前完成整改", date(2026, 11, 25)),
        ("承诺3个工作日内答复", date(2026, 11, 23)),
        ("计划明年3月开工建设", None),
        ("力争2027年6月底建成投入使用", date(2027, 6, 30)),
        ("确保春节前结清工资，1月20日前发放到位", date(2027, 1, 20)),
        ("拟于2027年上半年启动改造", date(2027, 6, 30)),
        ("预计本月25日恢复供水", date(2026, 11, 25)),
        ("已安排施工队，将于12月5日前完成维修", date(2026, 12, 5)),
        ("我局将在两三天内完成维修", date(2026, 11, 21)),
        ("预计十五六天内完成整改", date(2026, 12, 4)),
        ("力争一个半月内完成改造", date(2027, 1, 2)),
    ],
)
def test_promises_are_days_reckoned_from_the_day_of_the_answer(words: str, due: date | None) -> None:
    assert [promise.due for promise in promises(words, DAY)] == ([due] if due else [])


@pytest.mark.parametrize(
    "words",
    [
        "已于11月10日完成清理",
        "请您于12月1日前提交材料办理",
        "于去年12月底前完成初步设计",
        "我局11月18日收到来信",
        "并没有承诺三年内解决编制",
        "该桥1961年5月1日建成通车",
        "工作时间为周一至周五",
        "近三个月内处理投诉二百件",
    ],
)
def test_what_is_done_or_is_the_citizens_to_do_is_no_promise(words: str) -> None:
    assert promises(words, DAY) == ()


@pytest.mark.parametrize("words", ["上周三", "上个星期五", "每周三", "一周三次", "近十五天内", "过去的三个月内"])
def test_what_is_over_or_comes_again_and_again_names_no_day(words: str) -> None:
    assert days(words, DAY) == ()


def test_days_that_do_not_exist_are_none() -> None:
    assert days("2月31日，13月5日", DAY) == ()
    assert soonest("11月2日、11月30日、12月1日", DAY) == date(2026, 11, 30)


def test_copies_are_found_among_many() -> None:
    copies = Copies()
    for number in range(200):
        copies.add(
            number, f"第{number}号路口的红绿灯由{number * 7}大队于{number}日维修，费用{number * 3}元由所属单位承担。"
        )
    copies.add(200, "经查，该处为规划道路，目前正在征地拆迁，待条件具备后开工，具体时间以公告为准。")
    near = copies.nearest(
        "经查，该处为规划道路，目前正在征地拆迁，待条件具备后开工，具体时间以公告为准，敬请留意。", 0.6
    )
    assert near is not None
    assert near[0] == 200
    assert copies.nearest("您家水表已更换，请放心使用，如有问题请致电我公司客服中心。", 0.6) is None


def test_the_command_ranks_the_worst_first_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    other = "菜市场门口的摊位占道，请问什么时候能清走？"
    rows = [(ASKED, GOOD, "2026/11/18"), (ASKED, HOLLOW, "2026年11月18日"), (other, GOOD, "2026年2月31日")]
    table.write_text("题,问,答,时间\n" + "".join(f"路灯,{','.join(row)}\n" for row in rows), encoding="utf-8")
    words = ["check-replies", str(table), "--message", "题,问", "--reply", "答", "--time", "时间", "--out", str(out)]
    assert main(words) == 0
    assert "3 answers; with promises: 1" in capsys.readouterr().out
    found = {row["row"]: row for row in csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())}
    assert list(found) == ["2", "3", "1"]
    assert found["1"]["codes"] == found["1"]["findings"] == ""
    assert found["1"]["promises"].startswith("2026-12-05 ")
    assert "没有答到：请问什么时候能修好路灯？" in found["2"]["findings"].split("；")
    assert "unanswered:1.50" in found["2"]["codes"].split()
    assert found["3"]["findings"].startswith("与第 1 行的答复相同 100%，诉求却不同")
    assert found["3"]["promises"] == ""  # that day is none, so there is nothing to reckon from
    assert main(["check-replies", str(table), "--message", "题", "--reply", "没有", "--out", str(out)]) == 1


def test_the_command_and_the_screens_say_the_same() -> None:
    with translation.override("zh-hans"):
        shown = {code: str(words) for code, words in answers.SENTENCES.items()}
    assert shown == SENTENCES | {"copied": "与工单 %(other)s 的答复相同 %(share)s，诉求却不同"}
