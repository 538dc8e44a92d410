"""Scored cases are written without the database looking each ticket and unit up again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0012_labels'),
        ('people', '0004_labels'),
        ('tickets', '0008_labels'),
    ]

    operations = [
        migrations.AlterField(
            model_name='scorecase',
            name='department',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department'),
        ),
        migrations.AlterField(
            model_name='scorecase',
            name='ticket',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket'),
        ),
        migrations.AlterField(
            model_name='scoreday',
            name='department',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department'),
        ),
    ]
