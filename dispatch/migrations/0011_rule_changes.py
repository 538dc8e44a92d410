"""Proposed changes of rules, with what they would move."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0010_enterprise_routes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40, verbose_name='table')),
                ('title', models.CharField(max_length=160, verbose_name='change')),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('as_of', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('reckoning', 'Effect being reckoned'), ('ready', 'Waiting for a decision'), ('making', 'Being made'), ('applied', 'Made, also for open tickets'), ('new_only', 'Made, for new tickets only'), ('cancelled', 'Cancelled'), ('failed', 'Failed')], default='reckoning', max_length=10, verbose_name='state')),
                ('effect', models.JSONField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'change of rules',
                'verbose_name_plural': 'changes of rules',
                'ordering': ['-at'],
            },
        ),
    ]
