"""Links to SMS gateways: their state, the pieces sent, and the parts come in."""

import django.db.models.deletion
import hotline.people.sealing
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('channels_ingest', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SmsLinkStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('connected', models.BooleanField(default=False)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('since', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sms_link', to='channels_ingest.channelaccount')),
            ],
            options={
                'verbose_name': 'SMS link',
                'verbose_name_plural': 'SMS links',
            },
        ),
        migrations.CreateModel(
            name='SmsPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=100)),
                ('number', hotline.people.sealing.SealedTextField()),
                ('number_fingerprint', models.CharField(editable=False, max_length=64)),
                ('service_number', models.CharField(blank=True, max_length=32)),
                ('text', hotline.people.sealing.SealedTextField(blank=True)),
                ('readable', models.BooleanField(default=True)),
                ('reference', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveSmallIntegerField(default=1)),
                ('index', models.PositiveSmallIntegerField(default=1)),
                ('received_at', models.DateTimeField()),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sms_parts', to='channels_ingest.channelaccount')),
            ],
            options={
                'verbose_name': 'SMS part received',
                'verbose_name_plural': 'SMS parts received',
                'indexes': [models.Index(condition=models.Q(('joined_at', None)), fields=['received_at'], name='sms_unjoined'), models.Index(fields=['account', 'number_fingerprint', 'reference'], name='sms_group')],
                'constraints': [models.UniqueConstraint(fields=('account', 'external_id'), name='one_sms_part')],
            },
        ),
        migrations.CreateModel(
            name='SmsPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('index', models.PositiveSmallIntegerField()),
                ('total', models.PositiveSmallIntegerField()),
                ('number', hotline.people.sealing.SealedTextField()),
                ('number_fingerprint', models.CharField(editable=False, max_length=64)),
                ('content', models.BinaryField()),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('writing', 'Being sent'), ('accepted', 'Accepted by the gateway'), ('delivered', 'Delivered to the phone'), ('failed', 'Failed'), ('maybe', 'Perhaps sent')], default='queued', max_length=9)),
                ('throttled', models.PositiveSmallIntegerField(default=0)),
                ('reference', models.CharField(blank=True, max_length=65)),
                ('error', models.CharField(blank=True, max_length=100)),
                ('created_at', models.DateTimeField()),
                ('written_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sms_pieces', to='channels_ingest.channelaccount')),
            ],
            options={
                'verbose_name': 'SMS piece sent',
                'verbose_name_plural': 'SMS pieces sent',
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['account', 'id'], name='sms_queued'), models.Index(fields=['account', 'reference'], name='sms_reference'), models.Index(fields=['account', 'number_fingerprint'], name='sms_number')],
                'constraints': [models.UniqueConstraint(fields=('key', 'index'), name='one_sms_piece')],
            },
        ),
    ]
