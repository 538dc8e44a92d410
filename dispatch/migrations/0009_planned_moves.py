"""Deadlines that a changed rule will move, until each move is in its ledger."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0008_catalogue_upload"),
        ("tickets", "0006_closed_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("rule", models.CharField(max_length=160)),
                ("explanation", models.JSONField(default=list)),
                ("provisional", models.BooleanField()),
                ("reason", models.CharField(max_length=200)),
                (
                    "deadline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="planned_move", to="tickets.deadline"
                    ),
                ),
            ],
            options={
                "verbose_name": "planned move",
                "verbose_name_plural": "planned moves",
            },
        ),
    ]
