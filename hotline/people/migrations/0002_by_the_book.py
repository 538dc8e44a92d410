"""A reading of personal data says what was read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='personaldataread',
            name='what',
            field=models.CharField(choices=[('identity', 'Name and phone'), ('recording', 'Recording')], default='identity', max_length=10),
        ),
    ]
