"""Labels of fields that the administration shows; the data stay as they are."""

import django.contrib.postgres.fields
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
        ('people', '0003_audit'),
    ]

    operations = [
        StateOnly(state_operations=[
            migrations.AlterField(
                model_name='apikey',
                name='allowed_networks',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None, verbose_name='allowed networks'),
            ),
            migrations.AlterField(
                model_name='apikey',
                name='created_at',
                field=models.DateTimeField(auto_now_add=True, verbose_name='created at'),
            ),
            migrations.AlterField(
                model_name='apikey',
                name='expires_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='expires at'),
            ),
            migrations.AlterField(
                model_name='apikey',
                name='name',
                field=models.CharField(max_length=80, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='apikey',
                name='prefix',
                field=models.CharField(db_index=True, max_length=12, verbose_name='prefix'),
            ),
            migrations.AlterField(
                model_name='apikey',
                name='revoked_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='revoked at'),
            ),
            migrations.AlterField(
                model_name='apikey',
                name='scopes',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('requests:write', 'Send requests in'), ('tickets:read', 'Read tickets')], max_length=20), default=list, size=None, verbose_name='what it may do'),
            ),
            migrations.AlterField(
                model_name='area',
                name='aliases',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None, verbose_name='other names'),
            ),
            migrations.AlterField(
                model_name='area',
                name='code',
                field=models.CharField(max_length=32, unique=True, verbose_name='code'),
            ),
            migrations.AlterField(
                model_name='area',
                name='lat',
                field=models.FloatField(blank=True, null=True, verbose_name='latitude'),
            ),
            migrations.AlterField(
                model_name='area',
                name='level',
                field=models.CharField(choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level'),
            ),
            migrations.AlterField(
                model_name='area',
                name='lng',
                field=models.FloatField(blank=True, null=True, verbose_name='longitude'),
            ),
            migrations.AlterField(
                model_name='area',
                name='name',
                field=models.CharField(max_length=80, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='department',
                name='active',
                field=models.BooleanField(default=True, verbose_name='in use'),
            ),
            migrations.AlterField(
                model_name='department',
                name='area',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area', verbose_name='area'),
            ),
            migrations.AlterField(
                model_name='department',
                name='code',
                field=models.CharField(max_length=40, unique=True, verbose_name='code'),
            ),
            migrations.AlterField(
                model_name='department',
                name='kind',
                field=models.CharField(blank=True, max_length=20, verbose_name='kind'),
            ),
            migrations.AlterField(
                model_name='department',
                name='level',
                field=models.CharField(choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level'),
            ),
            migrations.AlterField(
                model_name='department',
                name='name',
                field=models.CharField(max_length=80, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='department',
                name='short_name',
                field=models.CharField(blank=True, max_length=40, verbose_name='short name'),
            ),
            migrations.AlterField(
                model_name='personaldataread',
                name='at',
                field=models.DateTimeField(auto_now_add=True, verbose_name='at'),
            ),
            migrations.AlterField(
                model_name='personaldataread',
                name='citizen',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reads', to='people.citizen', verbose_name='whose'),
            ),
            migrations.AlterField(
                model_name='personaldataread',
                name='reason',
                field=models.CharField(max_length=200, verbose_name='reason'),
            ),
            migrations.AlterField(
                model_name='personaldataread',
                name='staff',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
            ),
            migrations.AlterField(
                model_name='personaldataread',
                name='ticket_number',
                field=models.CharField(blank=True, max_length=24, verbose_name='ticket number'),
            ),
            migrations.AlterField(
                model_name='personaldataread',
                name='what',
                field=models.CharField(choices=[('identity', 'Name and phone'), ('recording', 'Recording'), ('export', 'Export')], default='identity', max_length=10, verbose_name='what was read'),
            ),
            migrations.AlterField(
                model_name='staff',
                name='agent_state',
                field=models.CharField(choices=[('offline', 'Offline'), ('idle', 'Ready'), ('busy', 'Busy'), ('wrapup', 'Wrap-up')], default='offline', max_length=8, verbose_name='state at the desk'),
            ),
            migrations.AlterField(
                model_name='staff',
                name='agent_state_reason',
                field=models.CharField(blank=True, max_length=80, verbose_name='reason'),
            ),
            migrations.AlterField(
                model_name='staff',
                name='agent_state_since',
                field=models.DateTimeField(blank=True, null=True, verbose_name='since'),
            ),
            migrations.AlterField(
                model_name='staff',
                name='department',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='people.department', verbose_name='department'),
            ),
            migrations.AlterField(
                model_name='staff',
                name='display_name',
                field=models.CharField(max_length=40, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='staff',
                name='role',
                field=models.CharField(choices=[('agent', 'Agent'), ('lead', 'Shift lead'), ('department', 'Department'), ('supervisor', 'Supervisor'), ('quality', 'Quality and follow-up'), ('admin', 'Administrator'), ('auditor', 'Auditor')], max_length=12, verbose_name='role'),
            ),
        ]),
    ]
