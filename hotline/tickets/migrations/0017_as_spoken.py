"""Sound of a call in which no number could be hidden is marked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0016_said"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("citizen", "From the citizen"),
                    ("identity", "Evidence of identity"),
                    ("contact", "Evidence of contact"),
                    ("handling", "Evidence of handling"),
                    ("as_spoken", "Sound of a call with every number in it"),
                ],
                default="citizen",
                max_length=10,
            ),
        ),
    ]
