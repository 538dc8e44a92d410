"""Calls are counted by their time in an index that the rates read."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0004_dial_out'),
        ('people', '0005_enterprise'),
        ('tickets', '0017_as_spoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='phonecall',
            name='calls_by_time',
        ),
        migrations.AddIndex(
            model_name='phonecall',
            index=models.Index(fields=['started_at'], include=('direction', 'queued_at', 'answered_at', 'ended_at', 'outcome'), name='calls_by_time'),
        ),
    ]
