"""Whether a caller left a message, and more reasons why a call is to be returned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0005_rated"),
    ]

    operations = [
        migrations.AddField(
            model_name="phonecall",
            name="left_message",
            field=models.BooleanField(default=False, verbose_name="left a message"),
        ),
        migrations.AlterField(
            model_name="callbacktask",
            name="reason",
            field=models.CharField(
                choices=[
                    ("abandoned_queue", "Hung up while waiting"),
                    ("abandoned_ringing", "Hung up while it rang"),
                    ("no_agent", "No agent was free"),
                    ("after_hours", "After hours"),
                    ("failed", "Broken off by a fault"),
                    ("refused", "Refused: more calls than the telephone takes"),
                    ("asked", "Asked to be called back"),
                ],
                max_length=20,
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="phonecall",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("completed", "Completed"),
                    ("abandoned_queue", "Hung up while waiting"),
                    ("abandoned_ringing", "Hung up while it rang"),
                    ("no_agent", "No agent was free"),
                    ("after_hours", "After hours"),
                    ("failed", "Broken off by a fault"),
                    ("refused", "Refused: more calls than the telephone takes"),
                    ("no_answer", "Nobody answered"),
                    ("busy", "Line busy"),
                    ("cancelled", "Given up while it rang"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
    ]
