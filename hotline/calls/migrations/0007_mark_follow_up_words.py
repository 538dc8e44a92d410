"""Mark what citizens said in calls of ours about their ticket; calls that returned a missed one hold the request."""

from typing import Any

from django.db import migrations, models


def mark(apps: Any, _schema_editor: Any) -> None:
    """Messages of such calls, and the copies of their sound that units could play."""
    said = apps.get_model("tickets", "Message").objects.filter(calls__direction="out", calls__returns=None)
    opened = apps.get_model("tickets", "Message").objects.filter(ticket=models.OuterRef("ticket")).order_by("pk")
    said = said.exclude(pk=models.Subquery(opened.values("pk")[:1]))  # what made its ticket is the request itself
    marked = list(said.values_list("pk", flat=True))
    apps.get_model("tickets", "Message").objects.filter(pk__in=marked).update(at_follow_up=True)
    copies = apps.get_model("tickets", "Attachment").objects.filter(messages__in=marked, purpose="citizen")
    apps.get_model("tickets", "Attachment").objects.filter(pk__in=list(copies.values_list("pk", flat=True))).update(
        purpose="follow_up"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0006_refused_and_messages"),
        ("tickets", "0020_follow_up_words"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
