"""By which number a unit spoke with the citizen, sealed."""

from django.db import migrations

import hotline.people.sealing


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0021_dates_in_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='contacted_number',
            field=hotline.people.sealing.SealedTextField(blank=True, default=''),
        ),
    ]
