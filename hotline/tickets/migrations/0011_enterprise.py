"""Whether an enterprise asks is a matter of the request, not of the person: the same telephone asks for both."""

from django.db import migrations, models


def carry_over(apps, schema_editor):
    """What was kept with the citizen goes to their requests."""
    apps.get_model("tickets", "Ticket").objects.filter(citizen__enterprise=True).update(enterprise=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_labels"), ("tickets", "0010_clock_words")]

    operations = [
        migrations.AddField("ticket", "enterprise", models.BooleanField(default=False)),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
