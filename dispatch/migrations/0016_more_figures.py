"""Figures that were constants of the product: a centre changes them in the admin."""

from datetime import date

from django.db import migrations, models

SINCE = date(2000, 1, 1)
BASIS = "默认（可在后台修改）"
POLICIES = [
    ("index_cover", 50, f"{BASIS}：自身有效权重不足一半的单位不排名"),
    ("confidence", 95, f"{BASIS}：区间按 95% 置信度计算"),
    ("most_assisting", 20, f"{BASIS}：一件工单至多 20 个协办单位"),
    ("short_hours", 24, f"{BASIS}：24 小时以内的时限到期即亮红牌"),
    ("urge_hours", 24, f"{BASIS}：市民 24 小时内只能催办一次"),
    ("ratable_days", 30, f"{BASIS}：答复后 30 日内可用短信等评价"),
    ("amendable_days", 7, f"{BASIS}：评价后 7 日内可用短信等修改"),
]


def add(apps, schema_editor):
    Policy = apps.get_model("dispatch", "Policy")
    rows = [Policy(key=key, value=value, basis=basis, from_date=SINCE) for key, value, basis in POLICIES]
    Policy.objects.bulk_create(rows, ignore_conflicts=True)  # those that a step back left stay as they are


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0015_clock_words")]
    operations = [
        migrations.AlterField(
            model_name='historicalpolicy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message')], max_length=20, verbose_name='figure'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message')], max_length=20, verbose_name='figure'),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RemoveConstraint("supervisiontrigger", "trigger_level"),
        migrations.AddConstraint(
            "supervisiontrigger",
            models.CheckConstraint(condition=models.Q(("level__range", (1, 9))), name="trigger_level"),
        ),
    ]
