"""What a withheld line holds cannot be found by trying; a rater who is protected stays so on another's ticket."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0008_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerentry",
            name="salt",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.AddField(
            model_name="rating",
            name="protected",
            field=models.BooleanField(default=False),
        ),
    ]
