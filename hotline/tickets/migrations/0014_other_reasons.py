"""Each list of reasons ends with "other": it is recorded where no code was named, and the words say which."""

from datetime import date

from django.db import migrations

SINCE = date(2022, 1, 1)
LISTS = ("return", "extension", "suspension", "refusal")
LAST = 99


def add(apps, schema_editor):
    ListEntry = apps.get_model("tickets", "ListEntry")
    for which in LISTS:
        if not ListEntry.objects.filter(list=which, code="other").exists():
            ListEntry.objects.create(
                list=which, code="other", name="其他", name_en="Other", order=LAST, from_date=SINCE
            )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_emergency_services")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
