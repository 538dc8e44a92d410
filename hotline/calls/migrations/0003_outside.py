"""The numbers outside that agents may call."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0002_pieces'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutsideNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9]{2,20}\\Z')], verbose_name='number')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('all_beginning', models.BooleanField(default=False, verbose_name='all numbers that begin so')),
            ],
            options={
                'verbose_name': 'number outside',
                'verbose_name_plural': 'numbers outside',
                'ordering': ['number'],
            },
        ),
    ]
