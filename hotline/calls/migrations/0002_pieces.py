"""What was said in a call, utterance by utterance."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0001_switchboard'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('side', models.CharField(choices=[('caller', 'Caller'), ('agent', 'Agent')], max_length=6, verbose_name='who spoke')),
                ('text', models.TextField(blank=True, verbose_name='words')),
                ('start', models.FloatField()),
                ('end', models.FloatField()),
                ('words', models.JSONField(blank=True, default=list)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='calls.phonecall', verbose_name='call')),
            ],
            options={
                'verbose_name': 'utterance',
                'verbose_name_plural': 'utterances',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('call', 'number'), name='one_call_piece')],
            },
        ),
    ]
