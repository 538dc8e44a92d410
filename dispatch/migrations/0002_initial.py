"""What the catalogue, suggestions and limits refer to, and what may stand in them only once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('dispatch', '0001_initial'),
        ('people', '0001_initial'),
        ('tickets', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='duty',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area'),
        ),
        migrations.AddField(
            model_name='duty',
            name='assisting',
            field=models.ManyToManyField(blank=True, related_name='+', to='people.department'),
        ),
        migrations.AddField(
            model_name='duty',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='people.department'),
        ),
        migrations.AddField(
            model_name='duty',
            name='matter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='tickets.matter'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='ticket',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='suggestion', to='tickets.ticket'),
        ),
        migrations.AddConstraint(
            model_name='termrule',
            constraint=models.UniqueConstraint(fields=('pack', 'clock', 'type', 'urgency', 'from_date'), name='one_rule_per_case'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(fields=['matter', 'rank'], name='duty_matter'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(fields=('matter', 'area', 'department', 'from_date'), name='one_duty_line', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='duty_dates_in_order'),
        ),
    ]
