"""Hide long numbers among the keys that callers pressed; a menu or a rating asks for four digits at most."""

import re
from typing import Any

from django.db import migrations

LONG = re.compile(r"[0-9](?:[^0-9]?[0-9]){4,}")


def hide(apps: Any, _schema_editor: Any) -> None:
    """As the telephone does it from now on."""
    calls = apps.get_model("calls", "PhoneCall").objects
    for pk, keys in calls.filter(keys__regex=r"[0-9].?[0-9].?[0-9].?[0-9].?[0-9]").values_list("pk", "keys"):
        hidden = LONG.sub(lambda found: re.sub("[0-9]", "•", found[0]), keys)
        calls.filter(pk=pk).update(keys=hidden)


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0007_mark_follow_up_words"),
    ]

    operations = [migrations.RunPython(hide, migrations.RunPython.noop)]
