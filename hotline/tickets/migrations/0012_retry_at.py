"""Clocks that could not do their work are tried again later, not each minute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_enterprise")]

    operations = [
        migrations.AddField("deadline", "retry_at", models.DateTimeField(blank=True, null=True)),
    ]
