"""The working calendar, the duty catalogue, suggestions and time limits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True)),
                ('working', models.BooleanField()),
                ('reason', models.CharField(max_length=80)),
            ],
            options={
                'verbose_name': 'calendar day',
                'verbose_name_plural': 'calendar days',
                'ordering': ['date'],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('basis', models.CharField(max_length=200)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'duty',
                'verbose_name_plural': 'duty catalogue',
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField()),
                ('model', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'suggestion',
                'verbose_name_plural': 'suggestions',
            },
        ),
        migrations.CreateModel(
            name='TermRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pack', models.CharField(max_length=20)),
                ('clock', models.CharField(choices=[('sign', 'Sign-for'), ('return', 'Return window'), ('answer', 'Answer'), ('rework', 'Rework')], max_length=8)),
                ('type', models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12)),
                ('urgency', models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8)),
                ('amount', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(choices=[('hours', 'hours'), ('natural_days', 'natural days'), ('working_days', 'working days')], max_length=12)),
                ('basis', models.CharField(max_length=200)),
                ('from_date', models.DateField()),
            ],
            options={
                'verbose_name': 'time limit',
                'verbose_name_plural': 'time limits',
            },
        ),
    ]
