"""Telephone calls, extensions, skills and call-backs."""

import django.contrib.postgres.fields
import django.db.models.deletion
import hotline.people.sealing
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0004_labels'),
        ('tickets', '0010_clock_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallBackTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', hotline.people.sealing.SealedTextField()),
                ('fingerprint', models.CharField(editable=False, max_length=64)),
                ('hour', models.DateTimeField(editable=False)),
                ('reason', models.CharField(choices=[('abandoned_queue', 'Hung up while waiting'), ('abandoned_ringing', 'Hung up while it rang'), ('no_agent', 'No agent was free'), ('after_hours', 'After hours'), ('failed', 'Broken off by a fault'), ('asked', 'Asked to be called back')], max_length=20, verbose_name='reason')),
                ('calls', models.PositiveIntegerField(default=0, verbose_name='calls')),
                ('waited_seconds', models.FloatField(default=0, verbose_name='longest wait in seconds')),
                ('first_at', models.DateTimeField(verbose_name='first call')),
                ('last_at', models.DateTimeField(verbose_name='last call')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='taken at')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('called_back_at', models.DateTimeField(blank=True, null=True, verbose_name='called back at')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                ('result', models.CharField(blank=True, choices=[('reached', 'Reached'), ('no_answer', 'No answer'), ('wrong_number', 'Wrong number'), ('not_needed', 'No longer needed'), ('called_again', 'Called again and was answered')], max_length=12, verbose_name='result')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('called_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='called back by')),
                ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.citizen', verbose_name='citizen')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken by')),
            ],
            options={
                'verbose_name': 'call to return',
                'verbose_name_plural': 'calls to return',
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='extension')),
                ('staff', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='extension', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
            ],
            options={
                'verbose_name': 'extension',
                'verbose_name_plural': 'extensions',
            },
        ),
        migrations.CreateModel(
            name='PhoneCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(editable=False, unique=True, verbose_name='UUID')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('mode', models.CharField(choices=[('platform', 'Our queue'), ('exchange', "The exchange's queue")], default='platform', max_length=8, verbose_name='queue')),
                ('state', models.CharField(choices=[('incoming', 'Incoming'), ('queued', 'Waiting'), ('ringing', 'Ringing at an agent'), ('talking', 'Talking'), ('held', 'On hold'), ('consulting', 'Agent asks somebody'), ('transferring', 'Given to a number outside'), ('conference', 'Three-way'), ('voicemail', 'Leaving a message'), ('wrapup', 'Wrap-up'), ('closed', 'Ended')], default='incoming', max_length=12, verbose_name='state')),
                ('outcome', models.CharField(blank=True, choices=[('completed', 'Completed'), ('abandoned_queue', 'Hung up while waiting'), ('abandoned_ringing', 'Hung up while it rang'), ('no_agent', 'No agent was free'), ('after_hours', 'After hours'), ('failed', 'Broken off by a fault')], max_length=20, verbose_name='outcome')),
                ('caller', hotline.people.sealing.SealedTextField(blank=True)),
                ('caller_fingerprint', models.CharField(blank=True, editable=False, max_length=64)),
                ('called', models.CharField(blank=True, max_length=40, verbose_name='called number')),
                ('skill', models.CharField(blank=True, max_length=40, verbose_name='skill')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('queued_at', models.DateTimeField(blank=True, null=True, verbose_name='waiting since')),
                ('ringing_at', models.DateTimeField(blank=True, null=True, verbose_name='ringing since')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='wrap-up ended at')),
                ('held_seconds', models.FloatField(default=0, verbose_name='seconds on hold')),
                ('events', models.JSONField(blank=True, default=list, verbose_name='what happened')),
                ('keys', models.CharField(blank=True, max_length=100, verbose_name='keys pressed')),
                ('solved', models.BooleanField(blank=True, null=True, verbose_name='solved')),
                ('rating', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='satisfied')),
                ('recording', models.CharField(blank=True, max_length=200, verbose_name='recording')),
                ('recording_sha256', models.CharField(blank=True, max_length=64)),
                ('recording_seconds', models.FloatField(blank=True, null=True, verbose_name='seconds recorded')),
                ('sound_deleted_at', models.DateTimeField(blank=True, null=True, verbose_name='sound deleted at')),
                ('transcript_state', models.CharField(choices=[('none', 'None'), ('live', 'Live'), ('later', 'After the call'), ('done', 'Done'), ('failed', 'Failed'), ('no_model', 'No model')], default='none', max_length=8, verbose_name='transcript')),
                ('transcript', models.TextField(blank=True, verbose_name='words')),
                ('transcript_engine', models.CharField(blank=True, max_length=20, verbose_name='recogniser')),
                ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to=settings.AUTH_USER_MODEL, verbose_name='agent')),
                ('call_back', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='missed', to='calls.callbacktask', verbose_name='call to return')),
                ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='people.citizen', verbose_name='citizen')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='tickets.message', verbose_name='message')),
                ('ticket', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'telephone call',
                'verbose_name_plural': 'telephone calls',
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('numbers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, help_text='Calls to these numbers ask for this skill.', size=None, verbose_name='called numbers')),
                ('staff', models.ManyToManyField(blank=True, related_name='skills', to=settings.AUTH_USER_MODEL, verbose_name='who has it')),
            ],
            options={
                'verbose_name': 'telephone skill',
                'verbose_name_plural': 'telephone skills',
            },
        ),
        migrations.AddIndex(
            model_name='callbacktask',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['-id'], name='call_backs_open'),
        ),
        migrations.AddConstraint(
            model_name='callbacktask',
            constraint=models.UniqueConstraint(fields=('fingerprint', 'hour'), name='one_call_back_an_hour'),
        ),
        migrations.AddConstraint(
            model_name='callbacktask',
            constraint=models.CheckConstraint(condition=models.Q(('fingerprint', ''), _negated=True), name='call_back_has_a_number'),
        ),
        migrations.AddIndex(
            model_name='phonecall',
            index=models.Index(fields=['caller_fingerprint', '-started_at'], name='calls_of_caller'),
        ),
        migrations.AddIndex(
            model_name='phonecall',
            index=models.Index(condition=models.Q(('ticket__isnull', False)), fields=['ticket'], name='calls_of_ticket'),
        ),
        migrations.AddIndex(
            model_name='phonecall',
            index=models.Index(fields=['started_at'], name='calls_by_time'),
        ),
        migrations.AddIndex(
            model_name='phonecall',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['id'], name='calls_in_progress'),
        ),
        migrations.AddConstraint(
            model_name='phonecall',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='an_ended_call_has_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='phonecall',
            constraint=models.CheckConstraint(condition=models.Q(('rating', None), ('rating__range', (1, 5)), _connector='OR'), name='call_rating_levels'),
        ),
    ]
