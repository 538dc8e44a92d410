"""Matters have a history and the days they are in use."""

import datetime
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0014_other_reasons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMatter',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(db_index=True, max_length=8, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('type_hint', models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12, verbose_name='usual request type')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('from_date', models.DateField(default=datetime.date(2000, 1, 1), verbose_name='from')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical matter',
                'verbose_name_plural': 'historical matters',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='matter',
            name='from_date',
            field=models.DateField(default=datetime.date(2000, 1, 1), verbose_name='from'),
        ),
        migrations.AddField(
            model_name='matter',
            name='to_date',
            field=models.DateField(blank=True, null=True, verbose_name='to'),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='matter_dates'),
        ),
        migrations.AddField(
            model_name='historicalmatter',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalmatter',
            name='parent',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter', verbose_name='field'),
        ),
    ]
