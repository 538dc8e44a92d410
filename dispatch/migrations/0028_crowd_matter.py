"""The matter that most people of a crowd report."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0027_dates_in_order"),
        ("tickets", "0021_dates_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="crowdalarm",
            name="matter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tickets.matter",
                verbose_name="leading matter",
            ),
        ),
        migrations.AddField(
            model_name="crowdalarm",
            name="of_matter",
            field=models.PositiveIntegerField(default=0, verbose_name="people with this matter"),
        ),
    ]
