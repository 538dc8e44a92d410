"""How long the sound of calls is kept, editable in the admin."""

from datetime import date

from django.db import migrations, models

SINCE = date(2000, 1, 1)


def add(apps, schema_editor):
    apps.get_model("dispatch", "Policy").objects.get_or_create(
        key="phone_sound_days",
        from_date=SINCE,
        defaults={"value": 730, "basis": "默认（可在后台修改）：通话录音保存两年"},
    )


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0018_automatic_dates'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalpolicy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)')], max_length=20, verbose_name='figure'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)')], max_length=20, verbose_name='figure'),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
