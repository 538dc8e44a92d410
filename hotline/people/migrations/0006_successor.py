"""Which unit took over the tasks of one that is no more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_enterprise"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="succeeded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.department",
                verbose_name="succeeded by",
            ),
        ),
    ]
