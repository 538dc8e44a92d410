"""Four rule packs to choose from, checking rules, figures, triggers and office hours; all of it editable in the admin.

What a pack's own source does not set is filled with a customary figure and says so (默认时限).
"""

from datetime import date, time

from django.conf import settings
from django.db import migrations

SINCE = date(2022, 1, 1)
WD, ND, H = "working_days", "natural_days", "hours"
DEFAULT = "默认时限（可在后台修改）"
ONLINE = ("wechat", "web", "weibo", "api")

GUANGDONG = "广东省政务服务便民热线 2022"
SHANDONG = "山东省 12345 热线 2020"
BEIJING = "北京市接诉即办工作条例 2021（征求意见稿）"
SHANGHAI = "上海市街镇 12345 工单办理规则"

PACKS = {  # code: name, source, grade, first day of its rules
    "guangdong": ("广东 2022", GUANGDONG, "B", date(2022, 1, 1)),
    "shandong": ("山东 2020", SHANDONG, "B", date(2020, 1, 1)),
    "beijing": ("北京 2021（征求意见稿）", BEIJING, "B", date(2021, 1, 1)),
    "shanghai": ("上海街镇", SHANGHAI, "A", date(2022, 1, 1)),
}

URGENT = [
    ("answer", "", "urgent", 24, H, f"{DEFAULT}：取自北京 2021，水、电、气、热等紧急诉求 24 小时内答复"),
    ("answer", "", "critical", 2, H, f"{DEFAULT}：取自北京 2021，危及生命财产安全的 2 小时内答复"),
]
NO_SIGN = [("sign", "", "", 1, WD, f"{DEFAULT}：取自广东 2022，1 个工作日内签收")]
NO_RETURN = [("return", "", "", 2, WD, f"{DEFAULT}：取自山东 2020，2 个工作日内提出退单并说明理由")]

OWN = {  # clock, type, urgency, amount, unit, basis
    "guangdong": [
        ("answer", "", "", 10, WD, f"{GUANGDONG}：10 个工作日内答复"),
        ("answer", "consultation", "", 2, WD, f"{GUANGDONG}：咨询 2 个工作日内答复"),
        ("answer", "help", "", 10, WD, f"{GUANGDONG}：求助 10 个工作日内答复"),
        ("answer", "suggestion", "", 10, WD, f"{GUANGDONG}：建议 10 个工作日内答复"),
        ("answer", "complaint", "", 15, WD, f"{GUANGDONG}：投诉 15 个工作日内答复"),
        ("answer", "report", "", 15, WD, f"{GUANGDONG}：举报 15 个工作日内答复"),
        *URGENT,
        ("sign", "", "", 1, WD, f"{GUANGDONG}：1 个工作日内签收"),
        ("extension", "", "", 10, WD, f"{GUANGDONG}：延期须经批准；{DEFAULT}：累计不超过 10 个工作日，取自山东 2020"),
        *NO_RETURN,
    ],
    "shandong": [
        ("answer", "", "", 5, WD, f"{SHANDONG}：5 个工作日内办结"),
        ("answer", "consultation", "", 5, WD, f"{SHANDONG}：咨询 5 个工作日内办结"),
        ("answer", "help", "", 5, WD, f"{SHANDONG}：求助 5 个工作日内办结"),
        ("answer", "suggestion", "", 5, WD, f"{SHANDONG}：建议 5 个工作日内办结"),
        ("answer", "complaint", "", 5, WD, f"{SHANDONG}：投诉 5 个工作日内办结"),
        ("answer", "report", "", 5, WD, f"{SHANDONG}：举报 5 个工作日内办结"),
        *URGENT,
        ("return", "", "", 2, WD, f"{SHANDONG}：2 个工作日内提出退单并说明理由"),
        ("extension", "", "", 10, WD, f"{SHANDONG}：延期累计不超过 10 个工作日"),
        *NO_SIGN,
    ],
    "beijing": [
        ("answer", "", "", 7, ND, f"{BEIJING}：一般诉求 7 日内办结"),
        ("answer", "consultation", "", 0, ND, f"{BEIJING}：咨询当场答复；{DEFAULT}：需转办的当日答复"),
        ("answer", "help", "", 7, ND, f"{BEIJING}：求助 7 日内办结"),
        ("answer", "suggestion", "", 7, ND, f"{BEIJING}：建议 7 日内办结"),
        ("answer", "complaint", "", 7, ND, f"{BEIJING}：投诉 7 日内办结"),
        ("answer", "report", "", 7, ND, f"{BEIJING}：举报 7 日内办结"),
        ("answer", "", "urgent", 24, H, f"{BEIJING}：水、电、气、热等紧急诉求 24 小时内处置"),
        ("answer", "", "critical", 2, H, f"{BEIJING}：危及生命财产安全的 2 小时内处置"),
        (
            "extension",
            "",
            "",
            6,
            WD,
            f"{BEIJING}：疑难诉求 15 日内办结，延期须告知市民；{DEFAULT}：多出的 8 日折合 6 个工作日",
        ),
        *NO_RETURN,
        *NO_SIGN,
    ],
    "shanghai": [
        ("answer", "", "", 5, WD, f"{SHANGHAI}：5 个工作日内答复"),
        ("answer", "consultation", "", 1, WD, f"{SHANGHAI}：咨询 1 个工作日内答复"),
        ("answer", "help", "", 5, WD, f"{SHANGHAI}：求助 5 个工作日内答复"),
        ("answer", "suggestion", "", 1, WD, f"{SHANGHAI}：建议 1 个工作日内答复"),
        ("answer", "complaint", "", 5, WD, f"{SHANGHAI}：投诉 5 个工作日内答复"),
        ("answer", "report", "", 5, WD, f"{SHANGHAI}：举报 5 个工作日内答复"),
        *URGENT,
        ("extension", "", "", 10, WD, f"{DEFAULT}：取自山东 2020，延期累计不超过 10 个工作日"),
        ("extension", "complaint", "", 10, WD, f"{SHANGHAI}：复杂投诉 15 个工作日，即延期累计不超过 10 个工作日"),
        ("extension", "report", "", 10, WD, f"{SHANGHAI}：复杂举报 15 个工作日，即延期累计不超过 10 个工作日"),
        *NO_RETURN,
        *NO_SIGN,
    ],
}

COMMON = [
    ("sign", "", "urgent", 4, H, f"{DEFAULT}：紧急工单 4 小时内签收"),
    ("sign", "", "critical", 1, H, f"{DEFAULT}：特急工单 1 小时内签收"),
    ("contact", "", "", 1, WD, f"{DEFAULT}：1 个工作日内首次联系市民"),
    ("contact", "", "urgent", 4, H, f"{DEFAULT}：紧急工单 4 小时内首次联系市民"),
    ("contact", "", "critical", 1, H, f"{DEFAULT}：特急工单 1 小时内首次联系市民"),
    ("return", "", "urgent", 4, H, f"{DEFAULT}：紧急工单 4 小时内提出退单"),
    ("return", "", "critical", 1, H, f"{DEFAULT}：特急工单 1 小时内提出退单"),
    ("ruling", "", "", 1, WD, f"{DEFAULT}：退单 1 个工作日内裁定"),
    ("ruling", "", "urgent", 4, H, f"{DEFAULT}：紧急工单的退单 4 小时内裁定"),
    ("ruling", "", "critical", 1, H, f"{DEFAULT}：特急工单的退单 1 小时内裁定"),
    ("consultation", "", "", 3, WD, f"{DEFAULT}：会商 3 个工作日内裁定"),
    ("review", "", "", 1, WD, f"{DEFAULT}：答复 1 个工作日内审核"),
    ("review", "", "urgent", 4, H, f"{DEFAULT}：紧急工单的答复 4 小时内审核"),
    ("review", "", "critical", 1, H, f"{DEFAULT}：特急工单的答复 1 小时内审核"),
    ("call_back", "", "", 3, WD, f"{DEFAULT}：3 个工作日内回访"),
    ("silence", "", "", 7, ND, f"{DEFAULT}：7 日内未评价的自动办结"),
    ("recontact", "", "", 1, WD, "安阳：实名差评 1 个工作日内联系市民"),
    ("rework", "", "", 15, WD, "四川：差评 15 个工作日内整改"),
    ("supervision", "", "", 2, WD, f"{DEFAULT}：督办件 2 个工作日内回复"),
    ("supervision", "", "urgent", 4, H, f"{DEFAULT}：紧急督办件 4 小时内回复"),
    ("supervision", "", "critical", 1, H, f"{DEFAULT}：特急督办件 1 小时内回复"),
]
ACCEPT = "北京：网上诉求 2 小时内受理"

CHECKS = [  # step, type, how, percent, basis
    ("review", "", "always", 100, "默认规则（可在后台修改）：答复一律先审核后告知市民"),
    ("call_back", "", "sample", 20, "默认规则（可在后台修改）：按 20% 抽样回访"),
    ("call_back", "complaint", "always", 100, "默认规则（可在后台修改）：投诉一律回访"),
    ("call_back", "report", "always", 100, "默认规则（可在后台修改）：举报一律回访"),
]
POLICIES = [  # key, value, basis
    ("consult_after", 2, "默认（可在后台修改）：第 2 次退单起会商"),
    ("yellow_days", 1, "到期前 1 个工作日黄牌提醒"),
    ("red_days", 1, "逾期第 1 个工作日红牌警告"),
    ("recall_seconds", 60, "默认（可在后台修改）：自动派单 60 秒内可撤回"),
    ("call_attempts", 3, "默认（可在后台修改）：回访至多 3 次未接通"),
    ("bad_rating", 2, "好差评：不满意、非常不满意为差评"),
    ("crowd", 5, "默认（可在后台修改）：5 件以上并单为群体诉求"),
]
TRIGGERS = [  # trigger, count, level, basis
    ("late", 1, 1, "默认（可在后台修改）：逾期 1 个工作日一级督办"),
    ("late", 3, 2, "默认（可在后台修改）：逾期 3 个工作日二级督办"),
    ("late", 5, 3, "默认（可在后台修改）：逾期 5 个工作日三级督办"),
    ("repeated", 3, 1, "默认（可在后台修改）：催办 3 次一级督办"),
    ("bad_rating", 2, 2, "默认（可在后台修改）：2 次差评二级督办"),
]
HOURS = [(time(9), time(12)), (time(14), time(17, 30))]
BEFORE = {  # bases of 0002 that did not say that the figure is borrowed
    "山东 2020：2 个工作日内提出退单并说明理由": NO_RETURN[0][5],
    "北京 2021：水、电、气、热等紧急诉求 24 小时内": URGENT[0][5],
    "北京 2021：危及生命财产安全的 2 小时内": URGENT[1][5],
}


def add(apps, schema_editor):
    add_packs(apps)
    add_checks(apps)
    add_figures(apps)


def add_packs(apps):
    RulePack = apps.get_model("dispatch", "RulePack")
    TermRule = apps.get_model("dispatch", "TermRule")
    for code, (name, source, grade, since) in PACKS.items():
        pack, _made = RulePack.objects.update_or_create(
            code=code, defaults={"name": name, "source": source, "grade": grade}
        )
        for clock, request_type, urgency, amount, unit, basis in OWN[code] + COMMON:
            case = {"clock": clock, "type": request_type, "urgency": urgency, "from_date": since}
            TermRule.objects.get_or_create(
                pack=pack, **case, level="", matter=None, source="", defaults=_limit(amount, unit, basis)
            )
        for source in ONLINE:
            TermRule.objects.get_or_create(
                pack=pack, clock="accept", source=source, from_date=since, defaults=_limit(2, H, ACCEPT)
            )
        for before, after in BEFORE.items():
            TermRule.objects.filter(pack=pack, basis=before).update(basis=after)


def add_checks(apps):
    RulePack = apps.get_model("dispatch", "RulePack")
    CheckRule = apps.get_model("dispatch", "CheckRule")
    CheckRule.objects.bulk_create(
        CheckRule(pack=pack, step=step, type=kind, how=how, percent=percent, basis=basis, from_date=PACKS[pack.code][3])
        for pack in RulePack.objects.filter(code__in=PACKS)
        for step, kind, how, percent, basis in CHECKS
    )


def add_figures(apps):
    def model(name):
        return apps.get_model("dispatch", name)

    model("Policy").objects.bulk_create(
        model("Policy")(key=key, value=value, basis=basis, from_date=SINCE) for key, value, basis in POLICIES
    )
    model("SupervisionTrigger").objects.bulk_create(
        model("SupervisionTrigger")(trigger=trigger, count=count, level=level, basis=basis, from_date=SINCE)
        for trigger, count, level, basis in TRIGGERS
    )
    model("OfficeHours").objects.bulk_create(
        model("OfficeHours")(opens=opens, closes=closes, from_date=SINCE) for opens, closes in HOURS
    )
    chosen = model("RulePack").objects.get(code=settings.RULE_PACK)
    model("PackInForce").objects.create(pack=chosen, from_date=SINCE)


def _limit(amount, unit, basis):
    return {"amount": amount, "unit": unit, "basis": basis}


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0004_holiday_notice")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
