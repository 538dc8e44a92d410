"""The five levels get their names; the data stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0006_closed_lists"),
    ]

    operations = [
        migrations.AlterField(
            model_name="followup",
            name="satisfied",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (1, "Very dissatisfied"),
                    (2, "Dissatisfied"),
                    (3, "Fairly satisfied"),
                    (4, "Satisfied"),
                    (5, "Very satisfied"),
                ],
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="rating",
            name="satisfied",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "Very dissatisfied"),
                    (2, "Dissatisfied"),
                    (3, "Fairly satisfied"),
                    (4, "Satisfied"),
                    (5, "Very satisfied"),
                ]
            ),
        ),
    ]
