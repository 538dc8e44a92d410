"""By what tickets are known again, crowds at a place, and the figures from which a crowd is one."""

from datetime import date

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

SINCE = date(2000, 1, 1)
FIGURES = (
    ("crowd_people", 5, "默认（可在后台修改）：至少 5 名不同市民反映同一地点"),
    ("crowd_hours", 24, "默认（可在后台修改）：24 小时之内"),
    ("crowd_odds", 50_000, "默认（可在后台修改）：按该地点平时来件，偶然出现的机会不到五万分之一"),
)


def add(apps, schema_editor):
    policies = apps.get_model("dispatch", "Policy").objects
    for key, value, basis in FIGURES:
        policies.get_or_create(key=key, from_date=SINCE, defaults={"value": value, "basis": basis})


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0023_risk_signs'),
        ('tickets', '0018_alarms'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalpolicy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)'), ('phone_rating_wait', 'Telephone: seconds of waiting for each key of a rating'), ('phone_message', 'Telephone: seconds that a message may last'), ('phone_last_agent', 'Telephone: days in which a caller is given the last agent again'), ('phone_handling', 'Telephone: seconds that a call is thought to take until some were measured'), ('phone_answer', 'Telephone: seconds in which a call is answered in time'), ('phone_away', "Telephone: seconds that an agent's page may be away until the agent has left"), ('phone_dial', 'Telephone: seconds that a number outside rings'), ('phone_calls', 'Telephone: most calls at once'), ('phone_longest', 'Telephone: seconds that a call may last'), ('phone_silence', 'Telephone: seconds without any sound after which a call is taken for lost'), ('crowd_people', 'Crowd alarm: fewest different people who report one place'), ('crowd_hours', 'Crowd alarm: within so many hours'), ('crowd_odds', 'Crowd alarm: so many would come by accident once in so many windows')], max_length=20, verbose_name='figure'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)'), ('phone_rating_wait', 'Telephone: seconds of waiting for each key of a rating'), ('phone_message', 'Telephone: seconds that a message may last'), ('phone_last_agent', 'Telephone: days in which a caller is given the last agent again'), ('phone_handling', 'Telephone: seconds that a call is thought to take until some were measured'), ('phone_answer', 'Telephone: seconds in which a call is answered in time'), ('phone_away', "Telephone: seconds that an agent's page may be away until the agent has left"), ('phone_dial', 'Telephone: seconds that a number outside rings'), ('phone_calls', 'Telephone: most calls at once'), ('phone_longest', 'Telephone: seconds that a call may last'), ('phone_silence', 'Telephone: seconds without any sound after which a call is taken for lost'), ('crowd_people', 'Crowd alarm: fewest different people who report one place'), ('crowd_hours', 'Crowd alarm: within so many hours'), ('crowd_odds', 'Crowd alarm: so many would come by accident once in so many windows')], max_length=20, verbose_name='figure'),
        ),
        migrations.CreateModel(
            name='TicketPrint',
            fields=[
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='known_by', serialize=False, to='tickets.ticket')),
                ('place', models.CharField(blank=True, max_length=80)),
                ('district', models.CharField(blank=True, max_length=32)),
                ('number', models.CharField(blank=True, max_length=40)),
                ('bands', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('place', ''), _negated=True), fields=['place', '-created_at'], name='print_place'), models.Index(condition=models.Q(('place', ''), _negated=True), fields=['-created_at'], name='print_recent'), django.contrib.postgres.indexes.GinIndex(fields=['bands'], name='print_bands')],
            },
        ),
        migrations.CreateModel(
            name='CrowdAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=80)),
                ('district', models.CharField(blank=True, max_length=32)),
                ('name', models.CharField(max_length=200, verbose_name='place')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('usual', models.FloatField(verbose_name='usual number')),
                ('hours', models.PositiveSmallIntegerField(verbose_name='in so many hours')),
                ('chance', models.FloatField(verbose_name='chance of so many by accident')),
                ('opened_at', models.DateTimeField(verbose_name='since')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='over since')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.ticket', verbose_name='newest ticket')),
            ],
            options={
                'verbose_name': 'crowd at a place',
                'verbose_name_plural': 'crowds at places',
                'ordering': ['-opened_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('place', 'district'), name='one_open_crowd_of_a_place')],
            },
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
