"""Labels of fields that the administration shows; the data stay as they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class StateOnly(migrations.SeparateDatabaseAndState):
    """Labels change no table. With every model drawn up anew after each of them this would take a minute."""

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_labels'),
        ('tickets', '0007_satisfaction'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        StateOnly(state_operations=[
            migrations.AlterField(
                model_name='historicallistentry',
                name='basis',
                field=models.CharField(blank=True, max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='code',
                field=models.CharField(max_length=20, verbose_name='code'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='door',
                field=models.CharField(blank=True, max_length=200, verbose_name='the right door'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='list',
                field=models.CharField(choices=[('return', 'Reasons for a return'), ('extension', 'Reasons for an extension'), ('suspension', 'Reasons for a suspension'), ('refusal', 'Reasons not to accept, with the right door'), ('set_aside', 'Reasons to set aside'), ('supervision', 'Levels of supervision')], max_length=12, verbose_name='list'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='name',
                field=models.CharField(max_length=80, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='name_en',
                field=models.CharField(blank=True, max_length=120, verbose_name='name in English'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='order',
                field=models.PositiveSmallIntegerField(default=0, verbose_name='order'),
            ),
            migrations.AlterField(
                model_name='historicallistentry',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='basis',
                field=models.CharField(blank=True, max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='code',
                field=models.CharField(max_length=20, verbose_name='code'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='door',
                field=models.CharField(blank=True, max_length=200, verbose_name='the right door'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='list',
                field=models.CharField(choices=[('return', 'Reasons for a return'), ('extension', 'Reasons for an extension'), ('suspension', 'Reasons for a suspension'), ('refusal', 'Reasons not to accept, with the right door'), ('set_aside', 'Reasons to set aside'), ('supervision', 'Levels of supervision')], max_length=12, verbose_name='list'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='name',
                field=models.CharField(max_length=80, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='name_en',
                field=models.CharField(blank=True, max_length=120, verbose_name='name in English'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='order',
                field=models.PositiveSmallIntegerField(default=0, verbose_name='order'),
            ),
            migrations.AlterField(
                model_name='listentry',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='matter',
                name='active',
                field=models.BooleanField(default=True, verbose_name='in use'),
            ),
            migrations.AlterField(
                model_name='matter',
                name='code',
                field=models.CharField(max_length=8, unique=True, verbose_name='code'),
            ),
            migrations.AlterField(
                model_name='matter',
                name='description',
                field=models.CharField(blank=True, max_length=200, verbose_name='description'),
            ),
            migrations.AlterField(
                model_name='matter',
                name='name',
                field=models.CharField(max_length=40, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='matter',
                name='parent',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='tickets.matter', verbose_name='field'),
            ),
            migrations.AlterField(
                model_name='matter',
                name='type_hint',
                field=models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12, verbose_name='usual request type'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='against',
                field=models.ManyToManyField(blank=True, related_name='+', to='people.department', verbose_name='units that were not'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='area',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area', verbose_name='area'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='at',
                field=models.DateTimeField(verbose_name='at'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='department',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='precedents', to='people.department', verbose_name='unit in charge'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='matter',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='precedents', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='reasoning',
                field=models.TextField(verbose_name='reasoning'),
            ),
            migrations.AlterField(
                model_name='precedent',
                name='ticket',
                field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='precedent', to='tickets.ticket', verbose_name='ticket'),
            ),
        ]),
    ]
