"""The nightly signed anchors of the ledger, with a leaf for each ticket that grew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0004_by_the_book'),
    ]

    operations = [
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField(unique=True)),
                ('at', models.DateTimeField()),
                ('feed', models.BigIntegerField()),
                ('leaves', models.PositiveIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=128)),
            ],
            options={
                'verbose_name': 'ledger anchor',
                'verbose_name_plural': 'ledger anchors',
                'ordering': ['sequence'],
            },
        ),
        migrations.CreateModel(
            name='AnchorLeaf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('length', models.PositiveIntegerField()),
                ('head', models.CharField(max_length=64)),
                ('anchor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='tickets.anchor')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='anchored', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'anchored chain',
                'verbose_name_plural': 'anchored chains',
                'constraints': [models.UniqueConstraint(fields=('anchor', 'position'), name='one_leaf_per_position'), models.UniqueConstraint(fields=('ticket', 'anchor'), name='one_leaf_per_chain')],
            },
        ),
    ]
