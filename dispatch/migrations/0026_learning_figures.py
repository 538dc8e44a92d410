"""When suggestions count as drifted, and what makes a ticket a likely repeat, as figures that a centre sets."""

from datetime import date

from django.db import migrations, models

SINCE = date(2000, 1, 1)
FIGURES = (
    ("drift_fewest", 100, "默认（可在后台修改）：本周与此前各至少 100 件才作比较"),
    ("drift_accepted", 5, "默认（可在后台修改）：建议采纳率下降 5 个百分点"),
    ("drift_stability", 20, "默认（可在后台修改）：群体稳定性指标 0.20，另加偶然波动"),
    ("drift_unknown", 2, "默认（可在后台修改）：未见过的字词占比上升 2 个百分点"),
    ("drift_unknown_rise", 50, "默认（可在后台修改）：且较此前上升一半"),
    ("repeat_person", 30, "默认（可在后台修改）：同一市民 0.30"),
    ("repeat_spot", 30, "默认（可在后台修改）：同一门牌 0.30"),
    ("repeat_site", 15, "默认（可在后台修改）：同一道路或小区 0.15"),
    ("repeat_matter", 10, "默认（可在后台修改）：同一事项 0.10"),
    ("repeat_least", 40, "默认（可在后台修改）：合计 0.40 以上才提示"),
)


def add(apps, schema_editor):
    policies = apps.get_model("dispatch", "Policy").objects
    for key, value, basis in FIGURES:
        policies.create(key=key, value=value, basis=basis, from_date=SINCE)


def take_away(apps, schema_editor):
    apps.get_model("dispatch", "Policy").objects.filter(key__in=[key for key, _, _ in FIGURES]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0025_studies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalpolicy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)'), ('phone_rating_wait', 'Telephone: seconds of waiting for each key of a rating'), ('phone_message', 'Telephone: seconds that a message may last'), ('phone_last_agent', 'Telephone: days in which a caller is given the last agent again'), ('phone_handling', 'Telephone: seconds that a call is thought to take until some were measured'), ('phone_answer', 'Telephone: seconds in which a call is answered in time'), ('phone_away', "Telephone: seconds that an agent's page may be away until the agent has left"), ('phone_dial', 'Telephone: seconds that a number outside rings'), ('phone_calls', 'Telephone: most calls at once'), ('phone_longest', 'Telephone: seconds that a call may last'), ('phone_silence', 'Telephone: seconds without any sound after which a call is taken for lost'), ('crowd_people', 'Crowd alarm: fewest different people who report one place'), ('crowd_hours', 'Crowd alarm: within so many hours'), ('crowd_odds', 'Crowd alarm: so many would come by accident once in so many windows'), ('drift_fewest', 'Drift: fewest tickets on either side of a comparison'), ('drift_accepted', 'Drift: fall of the share of suggestions accepted, in percentage points'), ('drift_stability', 'Drift: population stability index that is too much, in hundredths'), ('drift_unknown', 'Drift: rise of the share of words never seen, in percentage points'), ('drift_unknown_rise', 'Drift: rise of that share against what it was, in per cent'), ('repeat_person', 'Repeats: weight of the same citizen, in hundredths'), ('repeat_spot', 'Repeats: weight of the same address, in hundredths'), ('repeat_site', 'Repeats: weight of the same road or estate, in hundredths'), ('repeat_matter', 'Repeats: weight of the same matter, in hundredths'), ('repeat_least', 'Repeats: lowest sum that is shown, in hundredths; equal words alone make 100')], max_length=20, verbose_name='figure'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)'), ('phone_rating_wait', 'Telephone: seconds of waiting for each key of a rating'), ('phone_message', 'Telephone: seconds that a message may last'), ('phone_last_agent', 'Telephone: days in which a caller is given the last agent again'), ('phone_handling', 'Telephone: seconds that a call is thought to take until some were measured'), ('phone_answer', 'Telephone: seconds in which a call is answered in time'), ('phone_away', "Telephone: seconds that an agent's page may be away until the agent has left"), ('phone_dial', 'Telephone: seconds that a number outside rings'), ('phone_calls', 'Telephone: most calls at once'), ('phone_longest', 'Telephone: seconds that a call may last'), ('phone_silence', 'Telephone: seconds without any sound after which a call is taken for lost'), ('crowd_people', 'Crowd alarm: fewest different people who report one place'), ('crowd_hours', 'Crowd alarm: within so many hours'), ('crowd_odds', 'Crowd alarm: so many would come by accident once in so many windows'), ('drift_fewest', 'Drift: fewest tickets on either side of a comparison'), ('drift_accepted', 'Drift: fall of the share of suggestions accepted, in percentage points'), ('drift_stability', 'Drift: population stability index that is too much, in hundredths'), ('drift_unknown', 'Drift: rise of the share of words never seen, in percentage points'), ('drift_unknown_rise', 'Drift: rise of that share against what it was, in per cent'), ('repeat_person', 'Repeats: weight of the same citizen, in hundredths'), ('repeat_spot', 'Repeats: weight of the same address, in hundredths'), ('repeat_site', 'Repeats: weight of the same road or estate, in hundredths'), ('repeat_matter', 'Repeats: weight of the same matter, in hundredths'), ('repeat_least', 'Repeats: lowest sum that is shown, in hundredths; equal words alone make 100')], max_length=20, verbose_name='figure'),
        ),
        migrations.RunPython(add, take_away),
    ]
