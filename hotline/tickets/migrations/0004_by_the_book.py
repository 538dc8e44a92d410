"""Each running clock is a row; consultations, precedents, merges, recusals, closed lists; limits move into their rows."""

from datetime import timedelta

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


BEFORE = "（升级前的时限，逐日推算未保存）"
UNRATED = "（升级前的办结时限：七日内无人评价）"
OUTDONE = "（升级前的督办：已有更新的督办，或工单已结束）"
ENDED = ("closed", "archived", "refused", "emergency", "merged", "withdrawn")


def end_old_orders(apps, schema_editor):
    """Orders could not be ended, and several could stand: the strongest of an open ticket stays."""
    orders = apps.get_model("tickets", "Supervision").objects.filter(ended_at=None)
    kept = {}
    for order in orders.select_related("ticket").order_by("level", "at"):
        ticket = order.ticket
        if ticket.state not in ENDED:
            outdone = kept.get(ticket.pk)
            kept[ticket.pk] = order
            if outdone is None:
                continue
            orders.filter(pk=outdone.pk).update(ended_at=max(order.at, outdone.at), ending_note=OUTDONE)
        else:
            orders.filter(pk=order.pk).update(ended_at=ticket.closed_at or ticket.updated_at, ending_note=OUTDONE)
    apps.get_model("tickets", "Ticket").objects.filter(state__in=ENDED).update(supervision_level=0)


def keep_deadlines(apps, schema_editor):
    """Limits that stood on tickets and parts become clocks of their own."""
    deadlines = apps.get_model("tickets", "Deadline")
    live = apps.get_model("tickets", "Assignment").objects.filter(state__in=["to_sign", "handling", "answered"]).select_related("ticket")
    for part in live.iterator():
        ended = part.answered_at or part.ticket.closed_at
        lead = part.role == "lead"
        clocks = [("sign", part.sign_due_at, part.signed_at or ended), ("answer", part.due_at, ended)]
        if ended is None and lead:
            clocks.append(("return", part.return_until, None))
        deadlines.objects.bulk_create(
            deadlines(
                ticket=part.ticket,
                assignment=part,
                clock=clock,
                started_at=part.dispatched_at,
                due_at=due_at,
                rule="before",
                explanation=part.ticket.due_explanation if lead and clock == "answer" else [BEFORE],
                ended_at=ended_at,
                # The answer's clock is looked at by the first sweep, which finds when its cards are due.
                next_at=None if ended_at else part.dispatched_at if clock == "answer" else due_at,
            )
            for clock, due_at, ended_at in clocks
        )
    keep_pauses(apps)
    keep_closing_unrated(apps)
    # What was inserted must be checked before the columns can go.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def keep_pauses(apps):
    """What a suspension held up stands still."""
    deadlines = apps.get_model("tickets", "Deadline").objects
    for pause in apps.get_model("tickets", "Suspension").objects.filter(resumed_at=None, ticket__state="suspended"):
        deadlines.filter(ticket=pause.ticket_id, ended_at=None).update(paused_at=pause.at)


def keep_closing_unrated(apps):
    """What nobody rates closes by itself, as the setting that is gone had it: after seven days."""
    deadlines = apps.get_model("tickets", "Deadline")
    for ticket in apps.get_model("tickets", "Ticket").objects.filter(state="follow_up").iterator():
        due_at = ticket.updated_at + timedelta(days=7)
        deadlines.objects.create(
            ticket=ticket, clock="silence", started_at=ticket.updated_at, due_at=due_at, next_at=due_at,
            rule="before", explanation=[UNRATED],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_by_the_book'),
        ('tickets', '0003_search_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('ruled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'consultation',
                'verbose_name_plural': 'consultations',
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock', models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Consultation'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Call-back'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12)),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('rule', models.CharField(max_length=160)),
                ('explanation', models.JSONField(default=list)),
                ('provisional', models.BooleanField(default=False)),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('paused_seconds', models.PositiveIntegerField(default=0)),
                ('extended_days', models.PositiveSmallIntegerField(default=0)),
                ('card', models.CharField(blank=True, choices=[('', 'None'), ('yellow', 'Yellow card'), ('red', 'Red card')], default='', max_length=6)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'deadline',
                'verbose_name_plural': 'deadlines',
            },
        ),
        migrations.CreateModel(
            name='HistoricalListEntry',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('list', models.CharField(choices=[('return', 'Reasons for a return'), ('extension', 'Reasons for an extension'), ('suspension', 'Reasons for a suspension'), ('refusal', 'Reasons not to accept, with the right door'), ('set_aside', 'Reasons to set aside'), ('supervision', 'Levels of supervision')], max_length=12)),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('door', models.CharField(blank=True, max_length=200)),
                ('basis', models.CharField(blank=True, max_length=200)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical list entry',
                'verbose_name_plural': 'historical closed lists',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ListEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('list', models.CharField(choices=[('return', 'Reasons for a return'), ('extension', 'Reasons for an extension'), ('suspension', 'Reasons for a suspension'), ('refusal', 'Reasons not to accept, with the right door'), ('set_aside', 'Reasons to set aside'), ('supervision', 'Levels of supervision')], max_length=12)),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('door', models.CharField(blank=True, max_length=200)),
                ('basis', models.CharField(blank=True, max_length=200)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'list entry',
                'verbose_name_plural': 'closed lists',
                'ordering': ['list', 'order', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField()),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'opinion',
                'verbose_name_plural': 'opinions',
            },
        ),
        migrations.CreateModel(
            name='Precedent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasoning', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'precedent',
                'verbose_name_plural': 'precedents',
            },
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'recusal',
                'verbose_name_plural': 'recusals',
            },
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=20)),
                ('note', models.TextField()),
                ('requested_at', models.DateTimeField()),
                ('approved', models.BooleanField(blank=True, null=True)),
                ('ruled_at', models.DateTimeField(blank=True, null=True)),
                ('ruling_note', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'set-aside',
                'verbose_name_plural': 'set-asides',
            },
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='one_lead_unit',
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='one_part_per_unit',
        ),
        migrations.RemoveIndex(
            model_name='assignment',
            name='assignment_sign_due',
        ),
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_unrated',
        ),
        migrations.AddField(
            model_name='assignment',
            name='passed_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_to', to='tickets.assignment'),
        ),
        migrations.AddField(
            model_name='extensionrequest',
            name='code',
            field=models.CharField(blank=True, default='', max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='rating',
            name='real_name',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='supervision',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supervision',
            name='ending_note',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='supervision',
            name='replied_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='supervision',
            name='replied_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supervision',
            name='reply',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='supervision',
            name='trigger',
            field=models.CharField(choices=[('leader', "A leader's order"), ('late', 'Late answer'), ('repeated', 'Asked for again and again'), ('bad_rating', 'Bad rating')], default='leader', max_length=12),
        ),
        migrations.AddField(
            model_name='suspension',
            name='code',
            field=models.CharField(blank=True, default='', max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='suspension',
            name='until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='accused',
            field=models.ManyToManyField(blank=True, related_name='+', to='people.department'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='call_back',
            field=models.CharField(blank=True, choices=[('', 'Not called back'), ('due', 'By rule'), ('sampled', 'By sample')], default='', max_length=8),
        ),
        migrations.AddField(
            model_name='ticket',
            name='call_back_share',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='partner',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='ticket',
            name='partner_reference',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='ticket',
            name='recall_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='set_aside',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='ticket',
            name='split_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='split_off', to='tickets.ticket'),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='state',
            field=models.CharField(choices=[('to_sign', 'To be signed for'), ('handling', 'In handling'), ('answered', 'Answered'), ('returned', 'Returned'), ('released', 'Released'), ('passed', 'Passed to another level')], default='to_sign', max_length=10),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('received', 'Request received'), ('words_added', 'Citizen added words'), ('media_kept', 'File kept'), ('evidence_added', 'Evidence added'), ('transcribed', 'Voice transcribed'), ('suggested', 'Assistant suggested'), ('accepted', 'Accepted'), ('edited', 'Edited'), ('replied', 'Replied to the citizen'), ('info_requested', 'Information asked for'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('answered_directly', 'Answered directly'), ('dispatched', 'Dispatched'), ('recalled', 'Dispatch taken back'), ('units_added', 'Assisting units added'), ('unit_released', 'Assisting unit released'), ('passed_down', 'Passed to a unit below'), ('passed_up', 'Handed back to the unit above'), ('signed', 'Signed for'), ('contacted', 'Citizen contacted'), ('relayed', 'Unit wrote through the hotline'), ('return_requested', 'Return requested'), ('return_upheld', 'Return upheld'), ('return_refused', 'Return refused'), ('opinion_given', 'Opinion given'), ('consultation_ruled', 'Ruled after consultation'), ('extension_requested', 'Extension requested'), ('extension_granted', 'Extension granted'), ('extension_refused', 'Extension refused'), ('suspended', 'Suspended'), ('resumed', 'Resumed'), ('unit_answered', 'Unit answered'), ('answered', 'Answered'), ('review_passed', 'Answer approved'), ('review_failed', 'Answer sent back'), ('followed_up', 'Called back'), ('rated', 'Rated'), ('rework', 'Sent to rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('merged', 'Merged'), ('child_merged', 'Took in a merged ticket'), ('unmerged', 'Merge undone'), ('child_unmerged', 'Gave back a merged ticket'), ('split', 'Split'), ('urged', 'Urged'), ('supervised', 'Under supervision'), ('order_answered', 'Unit replied to the order'), ('supervision_ended', 'Supervision ended'), ('card_shown', 'Card shown'), ('limit_moved', 'Limit moved'), ('set_aside_requested', 'Setting aside asked for'), ('set_aside_approved', 'Set aside'), ('set_aside_refused', 'Setting aside refused'), ('recused', 'Stood back'), ('noted', 'Noted'), ('withdrawn', 'Withdrawn'), ('delivery_failed', 'Message could not be delivered')], max_length=24),
        ),
        migrations.AlterField(
            model_name='returnrequest',
            name='reason',
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name='supervision',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='supervision',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['level', 'at'], name='supervision_open'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('partner_reference', ''), _negated=True), fields=['partner_reference'], name='ticket_partner'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'lead'), models.Q(('state__in', ['returned', 'released', 'passed']), _negated=True)), fields=('ticket',), name='one_lead_unit'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['returned', 'released', 'passed']), _negated=True), fields=('ticket', 'department'), name='one_part_per_unit'),
        ),
        migrations.RunPython(end_old_orders, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('ticket',), name='one_open_supervision'),
        ),
        migrations.AddField(
            model_name='consultation',
            name='request',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='consultation', to='tickets.returnrequest'),
        ),
        migrations.AddField(
            model_name='consultation',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='consultation',
            name='units',
            field=models.ManyToManyField(related_name='consultations', to='people.department'),
        ),
        migrations.AddField(
            model_name='deadline',
            name='assignment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='tickets.assignment'),
        ),
        migrations.AddField(
            model_name='deadline',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='historicallistentry',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='listentry',
            constraint=models.UniqueConstraint(fields=('list', 'code', 'from_date'), name='one_list_entry'),
        ),
        migrations.AddField(
            model_name='merge',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='merge',
            name='into',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='took_in', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='merge',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='merge',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='opinion',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='opinion',
            name='consultation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='tickets.consultation'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department'),
        ),
        migrations.AddField(
            model_name='precedent',
            name='against',
            field=models.ManyToManyField(blank=True, related_name='+', to='people.department'),
        ),
        migrations.AddField(
            model_name='precedent',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area'),
        ),
        migrations.AddField(
            model_name='precedent',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='precedent',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='precedents', to='people.department'),
        ),
        migrations.AddField(
            model_name='precedent',
            name='matter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='precedents', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='precedent',
            name='ticket',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='precedent', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recusal',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='setaside',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='setaside',
            name='ruled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='setaside',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_asides', to='tickets.ticket'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.UniqueConstraint(fields=('ticket',), name='one_consultation_per_ticket'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('ended_at', None), ('next_at__isnull', False), ('paused_at', None)), fields=['next_at'], name='deadline_next'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['clock', 'due_at'], name='deadline_running'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('ticket', 'assignment', 'clock'), name='one_running_clock', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('rule', ''), _negated=True), name='no_clock_without_a_rule'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('ticket',), name='one_merge'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(fields=('consultation', 'department'), name='one_opinion_per_unit'),
        ),
        migrations.AddIndex(
            model_name='precedent',
            index=models.Index(fields=['matter', '-at'], name='precedent_matter'),
        ),
        migrations.AddConstraint(
            model_name='recusal',
            constraint=models.UniqueConstraint(fields=('ticket', 'staff'), name='one_recusal_each'),
        ),
        migrations.AddConstraint(
            model_name='setaside',
            constraint=models.UniqueConstraint(condition=models.Q(('approved', None)), fields=('ticket',), name='one_open_set_aside'),
        ),
        migrations.AddConstraint(
            model_name='setaside',
            constraint=models.CheckConstraint(condition=models.Q(('ruled_by', None), models.Q(('ruled_by', models.F('requested_by')), _negated=True), _connector='OR'), name='two_people_set_aside'),
        ),
        migrations.RunPython(keep_deadlines, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='assignment',
            name='due_at',
        ),
        migrations.RemoveField(
            model_name='assignment',
            name='return_until',
        ),
        migrations.RemoveField(
            model_name='assignment',
            name='sign_due_at',
        ),
        migrations.RemoveField(
            model_name='ticket',
            name='due_explanation',
        ),
    ]
