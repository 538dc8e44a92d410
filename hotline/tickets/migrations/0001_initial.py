"""Tickets with everything of their life: parts, messages, files, returns, pauses, orders, ratings, and the ledger."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL("create sequence ticket_serial", "drop sequence ticket_serial"),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'Lead unit'), ('assisting', 'Assisting unit')], max_length=10)),
                ('state', models.CharField(choices=[('to_sign', 'To be signed for'), ('handling', 'In handling'), ('answered', 'Answered'), ('returned', 'Returned'), ('released', 'Released')], default='to_sign', max_length=10)),
                ('dispatched_at', models.DateTimeField()),
                ('sign_due_at', models.DateTimeField()),
                ('return_until', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('auto_signed', models.BooleanField(default=False)),
                ('contacted_at', models.DateTimeField(blank=True, null=True)),
                ('contacted_whom', models.CharField(blank=True, max_length=40)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('public_answer', models.TextField(blank=True)),
                ('internal_answer', models.TextField(blank=True)),
                ('solved', models.BooleanField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='people.department')),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('sha256', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField()),
                ('filename', models.CharField(blank=True, max_length=120)),
                ('duration', models.FloatField(blank=True, null=True)),
                ('purpose', models.CharField(choices=[('citizen', 'From the citizen'), ('identity', 'Evidence of identity'), ('contact', 'Evidence of contact'), ('handling', 'Evidence of handling')], default='citizen', max_length=10)),
                ('lat', models.FloatField(blank=True, null=True)),
                ('lng', models.FloatField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('type_hint', models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('active', models.BooleanField(default=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='tickets.matter')),
            ],
            options={
                'verbose_name': 'matter',
                'verbose_name_plural': 'matters',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, unique=True)),
                ('public_code', models.CharField(max_length=12, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('received', 'Received'), ('awaiting_info', 'Awaiting information'), ('accepted', 'Accepted, to be dispatched'), ('dispatched', 'To be signed for'), ('handling', 'In handling'), ('return_review', 'Return under review'), ('suspended', 'Suspended'), ('answer_review', 'Answer under review'), ('follow_up', 'To be called back'), ('rework', 'Rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('merged', 'Merged'), ('withdrawn', 'Withdrawn')], default='received', max_length=16)),
                ('channel', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('type', models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12)),
                ('title', models.CharField(blank=True, max_length=80)),
                ('text', models.TextField()),
                ('summary', models.CharField(blank=True, max_length=300)),
                ('urgency', models.CharField(choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], default='normal', max_length=8)),
                ('confidential', models.BooleanField(default=False)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('lat', models.FloatField(blank=True, null=True)),
                ('lng', models.FloatField(blank=True, null=True)),
                ('occurred_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('dispatched_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('sign_due_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('due_explanation', models.JSONField(blank=True, default=list)),
                ('last_word_at', models.DateTimeField()),
                ('unread', models.BooleanField(default=True)),
                ('rounds', models.PositiveSmallIntegerField(default=1)),
                ('returns_final', models.BooleanField(default=False)),
                ('supervision_level', models.PositiveSmallIntegerField(default=0)),
                ('satisfied', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('solved', models.BooleanField(blank=True, null=True)),
                ('ledger_length', models.PositiveIntegerField(default=0)),
                ('ledger_head', models.CharField(blank=True, max_length=64)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area')),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='people.citizen')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='people.contactpoint')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='led_tickets', to='people.department')),
                ('first_department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department')),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held', to=settings.AUTH_USER_MODEL)),
                ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.matter')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_children', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'ticket',
                'verbose_name_plural': 'tickets',
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state_before', models.CharField(max_length=16)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('resumed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'suspension',
                'verbose_name_plural': 'suspensions',
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'supervision order',
                'verbose_name_plural': 'supervision orders',
            },
        ),
        migrations.CreateModel(
            name='ReturnRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('not_our_duty', 'Not within our duties'), ('not_our_area', 'Not in our area'), ('higher_level', 'Belongs to a higher level'), ('law_elsewhere', 'The law names another authority'), ('unclear', 'Too unclear to handle')], max_length=20)),
                ('basis', models.TextField()),
                ('note', models.TextField(blank=True)),
                ('requested_at', models.DateTimeField()),
                ('upheld', models.BooleanField(blank=True, null=True)),
                ('ruled_at', models.DateTimeField(blank=True, null=True)),
                ('ruling_note', models.TextField(blank=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='tickets.assignment')),
                ('proposed', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ruled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'return request',
                'verbose_name_plural': 'return requests',
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('satisfied', models.PositiveSmallIntegerField()),
                ('solved', models.BooleanField(blank=True, null=True)),
                ('words', models.TextField(blank=True)),
                ('channel', models.CharField(max_length=20)),
                ('round', models.PositiveSmallIntegerField()),
                ('counts', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'rating',
                'verbose_name_plural': 'ratings',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('in', 'In'), ('out', 'Out')], max_length=3)),
                ('kind', models.CharField(default='text', max_length=10)),
                ('text', models.TextField(blank=True)),
                ('transcript', models.TextField(blank=True)),
                ('transcript_state', models.CharField(choices=[('none', 'No voice'), ('pending', 'Being transcribed'), ('done', 'Transcribed'), ('no_model', 'No transcript: no model'), ('failed', 'No transcript: the sound could not be read')], default='none', max_length=10)),
                ('place', models.JSONField(blank=True, null=True)),
                ('channel', models.CharField(max_length=20)),
                ('delivery', models.CharField(choices=[('none', 'Nothing to deliver'), ('queued', 'Queued'), ('sent', 'Sent'), ('failed', 'Failed')], default='none', max_length=6)),
                ('delivery_error', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='tickets.attachment')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('received', 'Received'), ('words_added', 'Citizen added words'), ('media_kept', 'File kept'), ('transcribed', 'Voice transcribed'), ('suggested', 'Assistant suggested'), ('accepted', 'Accepted'), ('edited', 'Edited'), ('replied', 'Replied to the citizen'), ('info_requested', 'Information asked for'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('answered_directly', 'Answered directly'), ('dispatched', 'Dispatched'), ('signed', 'Signed for'), ('contacted', 'Citizen contacted'), ('return_requested', 'Return requested'), ('return_upheld', 'Return upheld'), ('return_refused', 'Return refused'), ('extension_requested', 'Extension requested'), ('extension_granted', 'Extension granted'), ('extension_refused', 'Extension refused'), ('suspended', 'Suspended'), ('resumed', 'Resumed'), ('unit_answered', 'Unit answered'), ('answered', 'Answered'), ('review_passed', 'Answer approved'), ('review_failed', 'Answer sent back'), ('followed_up', 'Called back'), ('rated', 'Rated'), ('rework', 'Sent to rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('merged', 'Merged'), ('child_merged', 'Took in a merged ticket'), ('urged', 'Urged'), ('supervised', 'Under supervision'), ('noted', 'Noted'), ('withdrawn', 'Withdrawn'), ('delivery_failed', 'Message could not be delivered')], max_length=24)),
                ('data', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('received', 'Received'), ('awaiting_info', 'Awaiting information'), ('accepted', 'Accepted, to be dispatched'), ('dispatched', 'To be signed for'), ('handling', 'In handling'), ('return_review', 'Return under review'), ('suspended', 'Suspended'), ('answer_review', 'Answer under review'), ('follow_up', 'To be called back'), ('rework', 'Rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('merged', 'Merged'), ('withdrawn', 'Withdrawn')], max_length=16)),
                ('actor', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('feed', models.BigIntegerField(null=True, unique=True)),
                ('announced_at', models.DateTimeField(blank=True, null=True)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'ledger line',
                'verbose_name_plural': 'ledger lines',
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reached', models.BooleanField()),
                ('solved', models.BooleanField(blank=True, null=True)),
                ('satisfied', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'call-back',
                'verbose_name_plural': 'call-backs',
            },
        ),
        migrations.CreateModel(
            name='ExtensionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('working_days', models.PositiveSmallIntegerField()),
                ('reason', models.TextField()),
                ('requested_at', models.DateTimeField()),
                ('granted', models.BooleanField(blank=True, null=True)),
                ('granted_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('ruled_at', models.DateTimeField(blank=True, null=True)),
                ('ruling_note', models.TextField(blank=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='tickets.assignment')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ruled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'extension request',
                'verbose_name_plural': 'extension requests',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField(default=dict)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='tickets.ticket'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['state', '-id'], name='ticket_queue'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['department', 'state', 'due_at'], name='ticket_department'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['holder', 'state'], name='ticket_holder'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['contact', '-last_word_at'], name='ticket_contact'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['citizen', '-id'], name='ticket_citizen'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('answered_at', None), ('due_at__isnull', False)), fields=['due_at'], name='ticket_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state', 'dispatched')), fields=['sign_due_at'], name='ticket_sign_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['-created_at'], name='ticket_created'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=django.contrib.postgres.indexes.GinIndex(fields=['title', 'text'], name='ticket_words', opclasses=['gin_trgm_ops', 'gin_trgm_ops']),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('pk')), _negated=True), name='not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('satisfied', None), ('satisfied__range', (1, 5)), _connector='OR'), name='five_levels_of_satisfaction'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.UniqueConstraint(condition=models.Q(('resumed_at', None)), fields=('ticket',), name='one_open_suspension'),
        ),
        migrations.AddConstraint(
            model_name='returnrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('upheld', None)), fields=('ticket',), name='one_open_return'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('satisfied__range', (1, 5))), name='rating_of_five_levels'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(condition=models.Q(('counts', True)), fields=('ticket', 'round'), name='one_rating_counts'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('feed', None)), fields=['id'], name='ledger_unnumbered'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('announced_at', None)), fields=['at'], name='ledger_unannounced'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['kind', 'at'], name='ledger_kind'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('ticket', 'sequence'), name='one_line_per_sequence'),
        ),
        migrations.AddConstraint(
            model_name='extensionrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('granted', None)), fields=('ticket',), name='one_open_extension'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('ticket', 'staff'), name='one_draft_each'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['department', 'state'], name='assignment_department'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'lead'), models.Q(('state__in', ['returned', 'released']), _negated=True)), fields=('ticket',), name='one_lead_unit'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['returned', 'released']), _negated=True), fields=('ticket', 'department'), name='one_part_per_unit'),
        ),
    ]
