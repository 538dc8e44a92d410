"""The words of danger that a city edits."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0022_closed_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalRiskSign',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('life', 'Danger to life'), ('fire', 'Fire or explosion'), ('gas', 'Gas leak'), ('self_harm', 'Suicide or self-harm'), ('mass', 'Mass incident'), ('minors', 'Minors at risk'), ('wages', 'Wage protest'), ('violence', 'Violence'), ('disease', 'Disease or food poisoning'), ('collapse', 'Collapse'), ('missing', 'Missing person'), ('chemical', 'Chemical leak'), ('electric', 'Live wires'), ('outage', 'Outage'), ('hazard', 'Hazard'), ('injury', 'Injury'), ('care', 'Medical need'), ('plea', 'Said to be urgent'), ('idiom', 'Only sounds dangerous')], max_length=12, verbose_name='kind')),
                ('level', models.CharField(choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8, verbose_name='level')),
                ('what', models.CharField(max_length=40, verbose_name='name')),
                ('pattern', models.CharField(max_length=1000, verbose_name='words')),
                ('beside', models.CharField(blank=True, max_length=60, verbose_name='only beside')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                ('from_date', models.DateField(verbose_name='from')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical risk words',
                'verbose_name_plural': 'historical risk words',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='RiskSign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('life', 'Danger to life'), ('fire', 'Fire or explosion'), ('gas', 'Gas leak'), ('self_harm', 'Suicide or self-harm'), ('mass', 'Mass incident'), ('minors', 'Minors at risk'), ('wages', 'Wage protest'), ('violence', 'Violence'), ('disease', 'Disease or food poisoning'), ('collapse', 'Collapse'), ('missing', 'Missing person'), ('chemical', 'Chemical leak'), ('electric', 'Live wires'), ('outage', 'Outage'), ('hazard', 'Hazard'), ('injury', 'Injury'), ('care', 'Medical need'), ('plea', 'Said to be urgent'), ('idiom', 'Only sounds dangerous')], max_length=12, verbose_name='kind')),
                ('level', models.CharField(choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8, verbose_name='level')),
                ('what', models.CharField(max_length=40, verbose_name='name')),
                ('pattern', models.CharField(max_length=1000, verbose_name='words')),
                ('beside', models.CharField(blank=True, max_length=60, verbose_name='only beside')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                ('from_date', models.DateField(verbose_name='from')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='to')),
            ],
            options={
                'verbose_name': 'risk words',
                'verbose_name_plural': 'risk words',
                'ordering': ['kind', 'what', 'from_date'],
                'constraints': [models.UniqueConstraint(fields=('what', 'pattern', 'from_date'), name='one_risk_sign')],
            },
        ),
    ]
