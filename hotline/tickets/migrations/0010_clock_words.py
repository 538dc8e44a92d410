"""The clock of a hearing is called by its own word; the data stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0009_salt_and_protected_raters'),
    ]

    operations = [
        migrations.AlterField(
            model_name='deadline',
            name='clock',
            field=models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Hearing of the units'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Call-back'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12),
        ),
    ]
