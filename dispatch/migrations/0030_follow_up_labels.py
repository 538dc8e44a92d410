"""Calls of 回访 are follow-ups in English, as in the glossary; the queue's jobs have a name that staff can read."""

import django.contrib.postgres.fields
from django.db import migrations, models


BEFORE = "“solved” ÷ effective call-backs (reached, and answered)"
AFTER = "“solved” ÷ effective follow-ups (reached, and answered)"


def rename(apps, schema_editor):
    """The words that came with the product; a centre's own stay."""
    apps.get_model("dispatch", "RateFormula").objects.filter(words_en=BEFORE).update(words_en=AFTER)


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0029_answer_prints'),
        ('procrastinate', '0041_post_retry_failed_job'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackgroundJob',
            fields=[
            ],
            options={
                'verbose_name': 'background job',
                'verbose_name_plural': 'background jobs',
                'ordering': ['-id'],
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('procrastinate.procrastinatejob',),
        ),
        migrations.AlterField(
            model_name='checkrule',
            name='step',
            field=models.CharField(choices=[('review', 'Answer review'), ('call_back', 'Follow-up')], max_length=10, verbose_name='step'),
        ),
        migrations.AlterField(
            model_name='historicalcheckrule',
            name='step',
            field=models.CharField(choices=[('review', 'Answer review'), ('call_back', 'Follow-up')], max_length=10, verbose_name='step'),
        ),
        migrations.AlterField(
            model_name='historicalrateformula',
            name='denominator',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective follow-ups'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24, verbose_name='denominator'),
        ),
        migrations.AlterField(
            model_name='historicalrateformula',
            name='numerator',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective follow-ups'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24), size=None, verbose_name='numerator'),
        ),
        migrations.AlterField(
            model_name='historicaltermrule',
            name='clock',
            field=models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Hearing of the units'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Follow-up'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12, verbose_name='clock'),
        ),
        migrations.AlterField(
            model_name='rateformula',
            name='denominator',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective follow-ups'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24, verbose_name='denominator'),
        ),
        migrations.AlterField(
            model_name='rateformula',
            name='numerator',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective follow-ups'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24), size=None, verbose_name='numerator'),
        ),
        migrations.AlterField(
            model_name='scorecase',
            name='measure',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective follow-ups'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24),
        ),
        migrations.AlterField(
            model_name='scorecase',
            name='outcome',
            field=models.CharField(blank=True, choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective follow-ups'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24),
        ),
        migrations.AlterField(
            model_name='scoreday',
            name='measure',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective follow-ups'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24),
        ),
        migrations.AlterField(
            model_name='termrule',
            name='clock',
            field=models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Hearing of the units'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Follow-up'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12, verbose_name='clock'),
        ),
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
