"""Whether an enterprise asks is kept with the request."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_labels"), ("tickets", "0011_enterprise")]

    operations = [migrations.RemoveField("citizen", "enterprise")]
