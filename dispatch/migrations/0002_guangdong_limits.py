"""The default rule pack: Guangdong's limits of 2022, with the city's customary sign-for and rework clocks."""

from datetime import date

from django.db import migrations

SINCE = date(2022, 1, 1)
GUANGDONG = "广东省政务服务便民热线 2022"
DEFAULT = "默认时限（可在后台修改）"
RULES = [
    ("sign", "", "", 1, "working_days", f"{GUANGDONG}：1 个工作日内签收"),
    ("sign", "", "urgent", 4, "hours", f"{DEFAULT}：紧急工单 4 小时内签收"),
    ("sign", "", "critical", 1, "hours", f"{DEFAULT}：特急工单 1 小时内签收"),
    ("return", "", "", 2, "working_days", "山东 2020：2 个工作日内提出退单并说明理由"),
    ("return", "", "urgent", 4, "hours", f"{DEFAULT}：紧急工单 4 小时内提出退单"),
    ("return", "", "critical", 1, "hours", f"{DEFAULT}：特急工单 1 小时内提出退单"),
    ("answer", "", "", 10, "working_days", f"{GUANGDONG}：10 个工作日内答复"),
    ("answer", "consultation", "", 2, "working_days", f"{GUANGDONG}：咨询 2 个工作日内答复"),
    ("answer", "help", "", 10, "working_days", f"{GUANGDONG}：求助 10 个工作日内答复"),
    ("answer", "suggestion", "", 10, "working_days", f"{GUANGDONG}：建议 10 个工作日内答复"),
    ("answer", "complaint", "", 15, "working_days", f"{GUANGDONG}：投诉 15 个工作日内答复"),
    ("answer", "report", "", 15, "working_days", f"{GUANGDONG}：举报 15 个工作日内答复"),
    ("answer", "", "urgent", 24, "hours", "北京 2021：水、电、气、热等紧急诉求 24 小时内"),
    ("answer", "", "critical", 2, "hours", "北京 2021：危及生命财产安全的 2 小时内"),
    ("rework", "", "", 15, "working_days", "四川：差评 15 个工作日内整改"),
]


def add(apps, schema_editor):
    TermRule = apps.get_model("dispatch", "TermRule")
    for clock, request_type, urgency, amount, unit, basis in RULES:
        TermRule.objects.create(
            pack="guangdong",
            clock=clock,
            type=request_type,
            urgency=urgency,
            amount=amount,
            unit=unit,
            basis=basis,
            from_date=SINCE,
        )


def remove(apps, schema_editor):
    apps.get_model("dispatch", "TermRule").objects.filter(pack="guangdong", from_date=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_initial")]
    operations = [migrations.RunPython(add, remove)]
