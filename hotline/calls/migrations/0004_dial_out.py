"""Calls that the desk makes, and the call-back that each returns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0003_outside'),
    ]

    operations = [
        migrations.AddField(
            model_name='phonecall',
            name='direction',
            field=models.CharField(choices=[('in', 'To the hotline'), ('out', 'To the citizen')], default='in', max_length=3, verbose_name='direction'),
        ),
        migrations.AddField(
            model_name='phonecall',
            name='returns',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='attempts', to='calls.callbacktask', verbose_name='returned call'),
        ),
        migrations.AlterField(
            model_name='callbacktask',
            name='result',
            field=models.CharField(blank=True, choices=[('reached', 'Reached'), ('no_answer', 'No answer'), ('busy', 'Line busy'), ('wrong_number', 'Wrong number'), ('not_needed', 'No longer needed'), ('called_again', 'Called again and was answered')], max_length=12, verbose_name='result'),
        ),
        migrations.AlterField(
            model_name='phonecall',
            name='outcome',
            field=models.CharField(blank=True, choices=[('completed', 'Completed'), ('abandoned_queue', 'Hung up while waiting'), ('abandoned_ringing', 'Hung up while it rang'), ('no_agent', 'No agent was free'), ('after_hours', 'After hours'), ('failed', 'Broken off by a fault'), ('no_answer', 'Nobody answered'), ('busy', 'Line busy'), ('cancelled', 'Given up while it rang')], max_length=20, verbose_name='outcome'),
        ),
        migrations.AlterField(
            model_name='phonecall',
            name='state',
            field=models.CharField(choices=[('incoming', 'Incoming'), ('dialling', 'Being called'), ('queued', 'Waiting'), ('ringing', 'Ringing at an agent'), ('talking', 'Talking'), ('held', 'On hold'), ('consulting', 'Agent asks somebody'), ('transferring', 'Given to a number outside'), ('conference', 'Three-way'), ('voicemail', 'Leaving a message'), ('wrapup', 'Wrap-up'), ('closed', 'Ended')], default='incoming', max_length=12, verbose_name='state'),
        ),
    ]
