"""Alarms of danger, promises that answers make, and the ledger's lines about them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0017_as_spoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('received', 'Request received'), ('words_added', 'Citizen added words'), ('media_kept', 'File kept'), ('evidence_added', 'Evidence added'), ('transcribed', 'Voice transcribed'), ('suggested', 'Assistant suggested'), ('escalated', 'Danger heard'), ('alarm_seen', 'Alarm seen'), ('accepted', 'Accepted'), ('edited', 'Edited'), ('replied', 'Replied to the citizen'), ('info_requested', 'Information asked for'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('answered_directly', 'Answered directly'), ('dispatched', 'Dispatched'), ('recalled', 'Dispatch taken back'), ('units_added', 'Assisting units added'), ('unit_released', 'Assisting unit released'), ('passed_down', 'Passed to a unit below'), ('passed_up', 'Handed back to the unit above'), ('signed', 'Signed for'), ('contacted', 'Citizen contacted'), ('relayed', 'Unit wrote through the hotline'), ('return_requested', 'Return requested'), ('return_upheld', 'Return upheld'), ('return_refused', 'Return refused'), ('opinion_given', 'Opinion given'), ('consultation_ruled', 'Ruled after consultation'), ('extension_requested', 'Extension requested'), ('extension_granted', 'Extension granted'), ('extension_refused', 'Extension refused'), ('suspended', 'Suspended'), ('resumed', 'Resumed'), ('unit_answered', 'Unit answered'), ('answered', 'Answered'), ('review_passed', 'Answer approved'), ('review_failed', 'Answer sent back'), ('followed_up', 'Called back'), ('rated', 'Rated'), ('rework', 'Sent to rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('merged', 'Merged'), ('child_merged', 'Took in a merged ticket'), ('unmerged', 'Merge undone'), ('child_unmerged', 'Gave back a merged ticket'), ('split', 'Split'), ('urged', 'Urged'), ('supervised', 'Under supervision'), ('order_answered', 'Unit replied to the order'), ('supervision_ended', 'Supervision ended'), ('card_shown', 'Card shown'), ('limit_moved', 'Limit moved'), ('set_aside_requested', 'Setting aside asked for'), ('set_aside_approved', 'Set aside'), ('set_aside_refused', 'Setting aside refused'), ('recused', 'Stood back'), ('promised', 'Promise noted'), ('promise_due', 'Promised day passed'), ('promise_settled', 'Promise settled'), ('noted', 'Noted'), ('withdrawn', 'Withdrawn'), ('delivery_failed', 'Message could not be delivered')], max_length=24),
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8)),
                ('kinds', models.JSONField(default=list)),
                ('reasons', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'alarm',
                'verbose_name_plural': 'alarms',
                'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['at'], name='alarm_open')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=200)),
                ('due_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('chased_at', models.DateTimeField(blank=True, null=True)),
                ('kept', models.BooleanField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='tickets.assignment')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'promise',
                'verbose_name_plural': 'promises',
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['due_on'], name='promise_open')],
                'constraints': [models.UniqueConstraint(fields=('assignment', 'due_on', 'words'), name='one_promise_each'), models.CheckConstraint(condition=models.Q(models.Q(('kept', None), ('settled_at', None)), models.Q(('kept__isnull', False), ('settled_at__isnull', False)), _connector='OR'), name='promise_settled_as_kept_or_not')],
            },
        ),
    ]
