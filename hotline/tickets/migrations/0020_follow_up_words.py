"""What a citizen said when they were asked how it went is marked: it is not for the units that it is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0019_crowd_noticed"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="at_follow_up",
            field=models.BooleanField(default=False),
        ),
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
                    ("follow_up", "Said when the citizen was asked how it went"),
                ],
                default="citizen",
                max_length=10,
            ),
        ),
    ]
