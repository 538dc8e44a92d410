"""What was said is under the chain: digests of words kept elsewhere, and the nonce that opens them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0015_matter_dates"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerentry",
            name="nonce",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="said",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
