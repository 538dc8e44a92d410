"""Rule packs with limits, checks, figures, triggers and office hours, each with its history."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


def name_packs(apps, schema_editor):
    """A pack was a word on each limit; now it is a row of its own."""
    RulePack = apps.get_model("dispatch", "RulePack")
    TermRule = apps.get_model("dispatch", "TermRule")
    for code in TermRule.objects.values_list("pack_code", flat=True).distinct():
        TermRule.objects.filter(pack_code=code).update(pack=RulePack.objects.create(code=code, name=code))
    # What was updated must be checked before the column can go.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0002_guangdong_limits'),
        ('people', '0002_by_the_book'),
        ('tickets', '0004_by_the_book'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AutoDispatchRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('enabled', models.BooleanField(default=False)),
                ('threshold', models.FloatField(blank=True, null=True)),
                ('precision', models.FloatField(blank=True, null=True)),
                ('cases', models.PositiveIntegerField(default=0)),
                ('measured_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'automatic dispatch',
                'verbose_name_plural': 'automatic dispatch',
            },
        ),
        migrations.CreateModel(
            name='CheckRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12)),
                ('type', models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12)),
                ('urgency', models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('basis', models.CharField(max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('step', models.CharField(choices=[('review', 'Answer review'), ('call_back', 'Call-back')], max_length=10)),
                ('how', models.CharField(choices=[('always', 'Always'), ('sample', 'By sample'), ('never', 'Never')], max_length=6)),
                ('percent', models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                'verbose_name': 'checking rule',
                'verbose_name_plural': 'checking rules',
            },
        ),
        migrations.CreateModel(
            name='HistoricalAutoDispatchRule',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('enabled', models.BooleanField(default=False)),
                ('threshold', models.FloatField(blank=True, null=True)),
                ('precision', models.FloatField(blank=True, null=True)),
                ('cases', models.PositiveIntegerField(default=0)),
                ('measured_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical automatic dispatch',
                'verbose_name_plural': 'historical automatic dispatch',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCalendarDay',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('date', models.DateField(db_index=True)),
                ('working', models.BooleanField()),
                ('reason', models.CharField(max_length=80)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical calendar day',
                'verbose_name_plural': 'historical calendar days',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCheckRule',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('level', models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12)),
                ('type', models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12)),
                ('urgency', models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('basis', models.CharField(max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('step', models.CharField(choices=[('review', 'Answer review'), ('call_back', 'Call-back')], max_length=10)),
                ('how', models.CharField(choices=[('always', 'Always'), ('sample', 'By sample'), ('never', 'Never')], max_length=6)),
                ('percent', models.PositiveSmallIntegerField(default=100)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical checking rule',
                'verbose_name_plural': 'historical checking rules',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalDuty',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('level', models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12)),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('basis', models.CharField(max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical duty',
                'verbose_name_plural': 'historical duty catalogue',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalOfficeHours',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical office hours',
                'verbose_name_plural': 'historical office hours',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPackInForce',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('from_date', models.DateField(db_index=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical pack in force',
                'verbose_name_plural': 'historical packs in force',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPolicy',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd')], max_length=20)),
                ('value', models.PositiveIntegerField()),
                ('basis', models.CharField(blank=True, max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical policy figure',
                'verbose_name_plural': 'historical policy figures',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRulePack',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField(max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('grade', models.CharField(choices=[('A', 'Full text of the law or rule'), ('B', 'Official reprint or press quoting it'), ('C', 'Secondary, a default only')], default='C', max_length=1)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical rule pack',
                'verbose_name_plural': 'historical rule packs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSupervisionTrigger',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('trigger', models.CharField(choices=[('leader', "A leader's order"), ('late', 'Late answer'), ('repeated', 'Asked for again and again'), ('bad_rating', 'Bad rating')], max_length=12)),
                ('count', models.PositiveSmallIntegerField()),
                ('level', models.PositiveSmallIntegerField()),
                ('basis', models.CharField(blank=True, max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical supervision trigger',
                'verbose_name_plural': 'historical supervision triggers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTermRule',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('level', models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12)),
                ('type', models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12)),
                ('urgency', models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('basis', models.CharField(max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('clock', models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Consultation'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Call-back'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12)),
                ('amount', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(choices=[('hours', 'hours'), ('working_hours', 'working hours'), ('natural_days', 'natural days'), ('working_days', 'working days')], max_length=13)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical time limit',
                'verbose_name_plural': 'historical time limits',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='OfficeHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'office hours',
                'verbose_name_plural': 'office hours',
                'ordering': ['from_date', 'opens'],
            },
        ),
        migrations.CreateModel(
            name='PackInForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField(unique=True)),
            ],
            options={
                'verbose_name': 'pack in force',
                'verbose_name_plural': 'packs in force',
                'ordering': ['-from_date'],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd')], max_length=20)),
                ('value', models.PositiveIntegerField()),
                ('basis', models.CharField(blank=True, max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'policy figure',
                'verbose_name_plural': 'policy figures',
                'ordering': ['key', '-from_date'],
            },
        ),
        migrations.CreateModel(
            name='RulePack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('grade', models.CharField(choices=[('A', 'Full text of the law or rule'), ('B', 'Official reprint or press quoting it'), ('C', 'Secondary, a default only')], default='C', max_length=1)),
            ],
            options={
                'verbose_name': 'rule pack',
                'verbose_name_plural': 'rule packs',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='SupervisionTrigger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('trigger', models.CharField(choices=[('leader', "A leader's order"), ('late', 'Late answer'), ('repeated', 'Asked for again and again'), ('bad_rating', 'Bad rating')], max_length=12)),
                ('count', models.PositiveSmallIntegerField()),
                ('level', models.PositiveSmallIntegerField()),
                ('basis', models.CharField(blank=True, max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'supervision trigger',
                'verbose_name_plural': 'supervision triggers',
            },
        ),
        migrations.RemoveConstraint(
            model_name='termrule',
            name='one_rule_per_case',
        ),
        migrations.AddField(
            model_name='duty',
            name='level',
            field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12),
        ),
        migrations.AddField(
            model_name='termrule',
            name='level',
            field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12),
        ),
        migrations.AddField(
            model_name='termrule',
            name='matter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='termrule',
            name='source',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='termrule',
            name='to_date',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='termrule',
            name='clock',
            field=models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Consultation'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Call-back'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12),
        ),
        migrations.AlterField(
            model_name='termrule',
            name='unit',
            field=models.CharField(choices=[('hours', 'hours'), ('working_hours', 'working hours'), ('natural_days', 'natural days'), ('working_days', 'working days')], max_length=13),
        ),
        migrations.AddField(
            model_name='autodispatchrule',
            name='matter',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='auto_dispatch', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='checkrule',
            name='matter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='historicalautodispatchrule',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalautodispatchrule',
            name='matter',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='historicalcalendarday',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcheckrule',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcheckrule',
            name='matter',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='historicalduty',
            name='area',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.area'),
        ),
        migrations.AddField(
            model_name='historicalduty',
            name='department',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.department'),
        ),
        migrations.AddField(
            model_name='historicalduty',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalduty',
            name='matter',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='historicalofficehours',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalpackinforce',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalpackinforce',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrulepack',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsupervisiontrigger',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaltermrule',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaltermrule',
            name='matter',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter'),
        ),
        migrations.AddConstraint(
            model_name='officehours',
            constraint=models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='office_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='officehours',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='office_dates'),
        ),
        migrations.AddField(
            model_name='packinforce',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(fields=('key', 'from_date'), name='one_policy_figure'),
        ),
        migrations.AddField(
            model_name='packinforce',
            name='pack',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_force', to='dispatch.rulepack'),
        ),
        migrations.AddField(
            model_name='historicaltermrule',
            name='pack',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dispatch.rulepack'),
        ),
        migrations.AddField(
            model_name='historicalpackinforce',
            name='pack',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dispatch.rulepack'),
        ),
        migrations.AddField(
            model_name='historicalcheckrule',
            name='pack',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dispatch.rulepack'),
        ),
        migrations.AddField(
            model_name='checkrule',
            name='pack',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.rulepack'),
        ),
        migrations.RenameField(model_name="termrule", old_name="pack", new_name="pack_code"),
        migrations.AddField(
            model_name="termrule",
            name="pack",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dispatch.rulepack"),
        ),
        migrations.RunPython(name_packs, migrations.RunPython.noop),
        migrations.RemoveField(model_name="termrule", name="pack_code"),
        migrations.AlterField(
            model_name='termrule',
            name='pack',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.rulepack'),
        ),
        migrations.AddConstraint(
            model_name='termrule',
            constraint=models.UniqueConstraint(fields=('clock', 'pack', 'level', 'type', 'urgency', 'matter', 'source', 'from_date'), name='one_rule_per_case', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='termrule',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='term_dates'),
        ),
        migrations.AddConstraint(
            model_name='supervisiontrigger',
            constraint=models.UniqueConstraint(fields=('trigger', 'count', 'from_date'), name='one_trigger'),
        ),
        migrations.AddConstraint(
            model_name='supervisiontrigger',
            constraint=models.CheckConstraint(condition=models.Q(('level__range', (1, 3))), name='trigger_level'),
        ),
        migrations.AddConstraint(
            model_name='autodispatchrule',
            constraint=models.CheckConstraint(condition=models.Q(('enabled', False), ('threshold__isnull', False), _connector='OR'), name='auto_is_measured'),
        ),
        migrations.AddConstraint(
            model_name='checkrule',
            constraint=models.UniqueConstraint(fields=('step', 'pack', 'level', 'type', 'urgency', 'matter', 'source', 'from_date'), name='one_check_per_case', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checkrule',
            constraint=models.CheckConstraint(condition=models.Q(('percent__range', (1, 100))), name='check_percent'),
        ),
    ]
