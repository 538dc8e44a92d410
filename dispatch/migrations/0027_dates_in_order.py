"""No rule, figure, trigger or line of the lexicon ends before it begins."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0026_learning_figures'),
        ('tickets', '0021_dates_in_order'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='checkrule',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='check_dates'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='policy_dates'),
        ),
        migrations.AddConstraint(
            model_name='risksign',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='risk_sign_dates'),
        ),
        migrations.AddConstraint(
            model_name='supervisiontrigger',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='trigger_dates'),
        ),
    ]
