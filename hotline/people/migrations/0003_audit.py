"""Readings of exports and of sounds are on record too, a sound once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_by_the_book'),
    ]

    operations = [
        migrations.AddField(
            model_name='personaldataread',
            name='once',
            field=models.CharField(editable=False, max_length=80, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='personaldataread',
            name='citizen',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reads', to='people.citizen'),
        ),
        migrations.AlterField(
            model_name='personaldataread',
            name='ticket_number',
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AlterField(
            model_name='personaldataread',
            name='what',
            field=models.CharField(choices=[('identity', 'Name and phone'), ('recording', 'Recording'), ('export', 'Export')], default='identity', max_length=10),
        ),
        migrations.AddIndex(
            model_name='personaldataread',
            index=models.Index(fields=['staff', '-at'], name='reads_of_staff'),
        ),
    ]
