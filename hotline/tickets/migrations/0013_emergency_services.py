"""The emergency services that a ticket can be handed to, as a closed list."""

from datetime import date

from django.db import migrations, models

SINCE = date(2022, 1, 1)
SERVICES = [
    ("110", "110 公安", "110 police"),
    ("119", "119 消防", "119 fire"),
    ("120", "120 急救", "120 ambulance"),
    ("122", "122 交通事故", "122 traffic accidents"),
]


def add(apps, schema_editor):
    ListEntry = apps.get_model("tickets", "ListEntry")
    rows = [
        ListEntry(
            list="emergency",
            code=code,
            name=name,
            name_en=english,
            basis="国办发〔2020〕53号：与 110、119、120、122 联动",
            order=place,
            from_date=SINCE,
        )
        for place, (code, name, english) in enumerate(SERVICES, 1)
    ]
    ListEntry.objects.bulk_create(rows, ignore_conflicts=True)  # those that a step back left stay as they are


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_retry_at")]
    operations = [
        migrations.AlterField(
            model_name='historicallistentry',
            name='list',
            field=models.CharField(choices=[('return', 'Reasons for a return'), ('extension', 'Reasons for an extension'), ('suspension', 'Reasons for a suspension'), ('refusal', 'Reasons not to accept, with the right door'), ('set_aside', 'Reasons to set aside'), ('supervision', 'Levels of supervision'), ('emergency', 'Emergency services')], max_length=12, verbose_name='list'),
        ),
        migrations.AlterField(
            model_name='listentry',
            name='list',
            field=models.CharField(choices=[('return', 'Reasons for a return'), ('extension', 'Reasons for an extension'), ('suspension', 'Reasons for a suspension'), ('refusal', 'Reasons not to accept, with the right door'), ('set_aside', 'Reasons to set aside'), ('supervision', 'Levels of supervision'), ('emergency', 'Emergency services')], max_length=12, verbose_name='list'),
        ),
        migrations.AddConstraint(
            model_name='listentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('list', 'supervision'), _negated=True), ('code__regex', '^[1-9]$'), _connector='OR'), name='level_is_a_digit', violation_error_message='The code of a level of supervision is a digit from 1 to 9.'),
        ),
        migrations.AddConstraint(
            model_name='listentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('list', 'emergency'), _negated=True), ('code__regex', '^[0-9A-Za-z]{1,8}$'), _connector='OR'), name='service_is_short', violation_error_message='The code of an emergency service is its number, of at most 8 characters.'),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
