"""The telephone's figures, editable in the admin."""

from datetime import date

from django.db import migrations, models

SINCE = date(2000, 1, 1)
BASIS = "默认（可在后台修改）"
POLICIES = [
    ("phone_ring", 20, f"{BASIS}：振铃 20 秒无人接听即转下一位坐席"),
    ("phone_wrapup", 60, f"{BASIS}：话后整理 60 秒"),
    ("phone_queue", 180, f"{BASIS}：排队 3 分钟仍未接通的转留言"),
    ("phone_announce", 30, f"{BASIS}：每 30 秒告知一次排队位置"),
    ("phone_skill", 20, f"{BASIS}：等候对应方言、语种坐席 20 秒"),
    ("phone_opens", 0, "GB/T 33358-2016：7×24 小时服务"),
    ("phone_closes", 1440, "GB/T 33358-2016：7×24 小时服务"),
    ("phone_rating", 1, f"{BASIS}：通话结束后请市民按键评价"),
]


def add(apps, schema_editor):
    Policy = apps.get_model("dispatch", "Policy")
    rows = [Policy(key=key, value=value, basis=basis, from_date=SINCE) for key, value, basis in POLICIES]
    Policy.objects.bulk_create(rows, ignore_conflicts=True)  # those that a step back left stay as they are


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0016_more_figures'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalpolicy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)')], max_length=20, verbose_name='figure'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)')], max_length=20, verbose_name='figure'),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
