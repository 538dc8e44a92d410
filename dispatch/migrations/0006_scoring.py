"""Scored cases by day and unit, formulas of rates and weights of the index."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0005_rule_packs'),
        ('people', '0003_audit'),
        ('tickets', '0005_anchors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ScoreFold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('feed', models.BigIntegerField()),
                ('until', models.DateTimeField()),
                ('tickets', models.PositiveIntegerField()),
                ('whole', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'fold of the scores',
                'verbose_name_plural': 'folds of the scores',
                'get_latest_by': 'id',
            },
        ),
        migrations.AlterField(
            model_name='historicalpolicy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('score_minimum', 'Cases below which a rate is too few to be scored')], max_length=20),
        ),
        migrations.AlterField(
            model_name='policy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('score_minimum', 'Cases below which a rate is too few to be scored')], max_length=20),
        ),
        migrations.CreateModel(
            name='HistoricalIndexWeight',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='basis')),
                ('from_date', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
                ('rate', models.SlugField(max_length=30, verbose_name='code of the rate')),
                ('weight', models.PositiveSmallIntegerField(verbose_name='weight')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical weight in the efficiency index',
                'verbose_name_plural': 'historical weights in the efficiency index',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRateFormula',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='basis')),
                ('from_date', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name in English')),
                ('words', models.CharField(max_length=200, verbose_name='formula in words')),
                ('words_en', models.CharField(blank=True, max_length=300, verbose_name='formula in English words')),
                ('numerator', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied')], max_length=24), size=None, verbose_name='numerator')),
                ('denominator', models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied')], max_length=24, verbose_name='denominator')),
                ('lower_is_better', models.BooleanField(default=False, verbose_name='lower is better')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical rate',
                'verbose_name_plural': 'historical rates and their formulas',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='IndexWeight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='basis')),
                ('from_date', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
                ('rate', models.SlugField(max_length=30, verbose_name='code of the rate')),
                ('weight', models.PositiveSmallIntegerField(verbose_name='weight')),
            ],
            options={
                'verbose_name': 'weight in the efficiency index',
                'verbose_name_plural': 'weights in the efficiency index',
                'ordering': ['-weight', 'rate'],
                'constraints': [models.UniqueConstraint(fields=('rate', 'from_date'), name='one_weight_at_a_time'), models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='weight_dates')],
            },
        ),
        migrations.CreateModel(
            name='RateFormula',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='basis')),
                ('from_date', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
                ('code', models.SlugField(max_length=30, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name in English')),
                ('words', models.CharField(max_length=200, verbose_name='formula in words')),
                ('words_en', models.CharField(blank=True, max_length=300, verbose_name='formula in English words')),
                ('numerator', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied')], max_length=24), size=None, verbose_name='numerator')),
                ('denominator', models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied')], max_length=24, verbose_name='denominator')),
                ('lower_is_better', models.BooleanField(default=False, verbose_name='lower is better')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'verbose_name': 'rate',
                'verbose_name_plural': 'rates and their formulas',
                'ordering': ['order', 'code', '-from_date'],
                'constraints': [models.UniqueConstraint(fields=('code', 'from_date'), name='one_formula_at_a_time'), models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='formula_dates'), models.CheckConstraint(condition=models.Q(('numerator__len__gt', 0)), name='formula_counts_something')],
            },
        ),
        migrations.CreateModel(
            name='ScoreCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('measure', models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied')], max_length=24)),
                ('outcome', models.CharField(blank=True, choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied')], max_length=24)),
                ('aside', models.BooleanField(default=False)),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'scored case',
                'verbose_name_plural': 'scored cases',
                'indexes': [models.Index(fields=['department', 'measure', 'day'], name='score_case_unit')],
            },
        ),
        migrations.CreateModel(
            name='ScoreDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('measure', models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied')], max_length=24)),
                ('counted', models.IntegerField(default=0)),
                ('aside', models.IntegerField(default=0)),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department')),
            ],
            options={
                'verbose_name': 'score of a day',
                'verbose_name_plural': 'scores by day',
                'constraints': [models.UniqueConstraint(fields=('day', 'department', 'measure'), name='one_score_a_day', nulls_distinct=False)],
            },
        ),
    ]
