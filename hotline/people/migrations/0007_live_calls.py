"""Listening to a call that goes on is a reading on record."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_successor'),
    ]

    operations = [
        migrations.AlterField(
            model_name='personaldataread',
            name='what',
            field=models.CharField(choices=[('identity', 'Name and phone'), ('recording', 'Recording'), ('export', 'Export'), ('live_call', 'Call in progress')], default='identity', max_length=10, verbose_name='what was read'),
        ),
    ]
