"""Figures and limits may not be larger than makes sense."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0013_scores_unchecked'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalpolicy',
            name='value',
            field=models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(86400)], verbose_name='value'),
        ),
        migrations.AlterField(
            model_name='historicaltermrule',
            name='amount',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='amount'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='value',
            field=models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(86400)], verbose_name='value'),
        ),
        migrations.AlterField(
            model_name='termrule',
            name='amount',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='amount'),
        ),
    ]
