"""Rules of automatic dispatch have the days they are in force."""

import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0017_phone_figures'),
        ('tickets', '0015_matter_dates'),
    ]

    operations = [
        migrations.AddField(
            model_name='autodispatchrule',
            name='from_date',
            field=models.DateField(default=datetime.date(2000, 1, 1), verbose_name='from'),
        ),
        migrations.AddField(
            model_name='autodispatchrule',
            name='to_date',
            field=models.DateField(blank=True, null=True, verbose_name='to'),
        ),
        migrations.AddField(
            model_name='historicalautodispatchrule',
            name='from_date',
            field=models.DateField(default=datetime.date(2000, 1, 1), verbose_name='from'),
        ),
        migrations.AddField(
            model_name='historicalautodispatchrule',
            name='to_date',
            field=models.DateField(blank=True, null=True, verbose_name='to'),
        ),
        migrations.AddConstraint(
            model_name='autodispatchrule',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='auto_dates'),
        ),
    ]
