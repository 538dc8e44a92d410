"""Labels of every field of the rule tables; the data stay as they are."""

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
        ('dispatch', '0011_rule_changes'),
        ('people', '0004_labels'),
        ('tickets', '0008_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        StateOnly(state_operations=[
            migrations.AlterField(
                model_name='autodispatchrule',
                name='cases',
                field=models.PositiveIntegerField(default=0, verbose_name='cases measured'),
            ),
            migrations.AlterField(
                model_name='autodispatchrule',
                name='enabled',
                field=models.BooleanField(default=False, verbose_name='switched on'),
            ),
            migrations.AlterField(
                model_name='autodispatchrule',
                name='matter',
                field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='auto_dispatch', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='autodispatchrule',
                name='measured_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='measured at'),
            ),
            migrations.AlterField(
                model_name='autodispatchrule',
                name='precision',
                field=models.FloatField(blank=True, null=True, verbose_name='measured precision'),
            ),
            migrations.AlterField(
                model_name='autodispatchrule',
                name='threshold',
                field=models.FloatField(blank=True, null=True, verbose_name='threshold'),
            ),
            migrations.AlterField(
                model_name='calendarday',
                name='date',
                field=models.DateField(unique=True, verbose_name='date'),
            ),
            migrations.AlterField(
                model_name='calendarday',
                name='reason',
                field=models.CharField(max_length=80, verbose_name='reason'),
            ),
            migrations.AlterField(
                model_name='calendarday',
                name='working',
                field=models.BooleanField(verbose_name='working day'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='added',
                field=models.PositiveIntegerField(default=0, verbose_name='added'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='applied_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='applied at'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='at',
                field=models.DateTimeField(auto_now_add=True, verbose_name='at'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='changed',
                field=models.PositiveIntegerField(default=0, verbose_name='changed'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='ended',
                field=models.PositiveIntegerField(default=0, verbose_name='ended'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='from_date',
                field=models.DateField(verbose_name='counts from'),
            ),
            migrations.AlterField(
                model_name='catalogueupload',
                name='name',
                field=models.CharField(max_length=120, verbose_name='file'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='how',
                field=models.CharField(choices=[('always', 'Always'), ('sample', 'By sample'), ('never', 'Never')], max_length=6, verbose_name='how'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='level',
                field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level of the unit'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='matter',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='pack',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.rulepack', verbose_name='rule pack'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='percent',
                field=models.PositiveSmallIntegerField(default=100, verbose_name='share in percent'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='source',
                field=models.CharField(blank=True, max_length=40, verbose_name='source of the request'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='step',
                field=models.CharField(choices=[('review', 'Answer review'), ('call_back', 'Call-back')], max_length=10, verbose_name='step'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='type',
                field=models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12, verbose_name='request type'),
            ),
            migrations.AlterField(
                model_name='checkrule',
                name='urgency',
                field=models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8, verbose_name='urgency'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='area',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area', verbose_name='area'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='assisting',
                field=models.ManyToManyField(blank=True, related_name='+', to='people.department', verbose_name='assisting units'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='department',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='people.department', verbose_name='lead unit'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='level',
                field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='matter',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='rank',
                field=models.PositiveSmallIntegerField(default=1, verbose_name='rank'),
            ),
            migrations.AlterField(
                model_name='duty',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='enterpriseroute',
                name='area',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area', verbose_name='area'),
            ),
            migrations.AlterField(
                model_name='enterpriseroute',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='enterpriseroute',
                name='department',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.department', verbose_name='unit'),
            ),
            migrations.AlterField(
                model_name='enterpriseroute',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='enterpriseroute',
                name='matter',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='enterpriseroute',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicalautodispatchrule',
                name='cases',
                field=models.PositiveIntegerField(default=0, verbose_name='cases measured'),
            ),
            migrations.AlterField(
                model_name='historicalautodispatchrule',
                name='enabled',
                field=models.BooleanField(default=False, verbose_name='switched on'),
            ),
            migrations.AlterField(
                model_name='historicalautodispatchrule',
                name='matter',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='historicalautodispatchrule',
                name='measured_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='measured at'),
            ),
            migrations.AlterField(
                model_name='historicalautodispatchrule',
                name='precision',
                field=models.FloatField(blank=True, null=True, verbose_name='measured precision'),
            ),
            migrations.AlterField(
                model_name='historicalautodispatchrule',
                name='threshold',
                field=models.FloatField(blank=True, null=True, verbose_name='threshold'),
            ),
            migrations.AlterField(
                model_name='historicalcalendarday',
                name='date',
                field=models.DateField(db_index=True, verbose_name='date'),
            ),
            migrations.AlterField(
                model_name='historicalcalendarday',
                name='reason',
                field=models.CharField(max_length=80, verbose_name='reason'),
            ),
            migrations.AlterField(
                model_name='historicalcalendarday',
                name='working',
                field=models.BooleanField(verbose_name='working day'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='how',
                field=models.CharField(choices=[('always', 'Always'), ('sample', 'By sample'), ('never', 'Never')], max_length=6, verbose_name='how'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='level',
                field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level of the unit'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='matter',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='pack',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dispatch.rulepack', verbose_name='rule pack'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='percent',
                field=models.PositiveSmallIntegerField(default=100, verbose_name='share in percent'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='source',
                field=models.CharField(blank=True, max_length=40, verbose_name='source of the request'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='step',
                field=models.CharField(choices=[('review', 'Answer review'), ('call_back', 'Call-back')], max_length=10, verbose_name='step'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='type',
                field=models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12, verbose_name='request type'),
            ),
            migrations.AlterField(
                model_name='historicalcheckrule',
                name='urgency',
                field=models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8, verbose_name='urgency'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='area',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.area', verbose_name='area'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='department',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.department', verbose_name='lead unit'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='level',
                field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='matter',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='rank',
                field=models.PositiveSmallIntegerField(default=1, verbose_name='rank'),
            ),
            migrations.AlterField(
                model_name='historicalduty',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicalenterpriseroute',
                name='area',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.area', verbose_name='area'),
            ),
            migrations.AlterField(
                model_name='historicalenterpriseroute',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='historicalenterpriseroute',
                name='department',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.department', verbose_name='unit'),
            ),
            migrations.AlterField(
                model_name='historicalenterpriseroute',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicalenterpriseroute',
                name='matter',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='historicalenterpriseroute',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicalholidaynotice',
                name='reference',
                field=models.CharField(max_length=80, verbose_name='reference of the notice'),
            ),
            migrations.AlterField(
                model_name='historicalholidaynotice',
                name='year',
                field=models.PositiveSmallIntegerField(db_index=True, verbose_name='year'),
            ),
            migrations.AlterField(
                model_name='historicalofficehours',
                name='closes',
                field=models.TimeField(verbose_name='closes'),
            ),
            migrations.AlterField(
                model_name='historicalofficehours',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicalofficehours',
                name='opens',
                field=models.TimeField(verbose_name='opens'),
            ),
            migrations.AlterField(
                model_name='historicalofficehours',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicalpackinforce',
                name='decided_by',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
            ),
            migrations.AlterField(
                model_name='historicalpackinforce',
                name='from_date',
                field=models.DateField(db_index=True, verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicalpackinforce',
                name='pack',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dispatch.rulepack', verbose_name='rule pack'),
            ),
            migrations.AlterField(
                model_name='historicalpolicy',
                name='basis',
                field=models.CharField(blank=True, max_length=200, verbose_name='basis'),
            ),
            migrations.AlterField(
                model_name='historicalpolicy',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicalpolicy',
                name='key',
                field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored')], max_length=20, verbose_name='figure'),
            ),
            migrations.AlterField(
                model_name='historicalpolicy',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicalpolicy',
                name='value',
                field=models.PositiveIntegerField(verbose_name='value'),
            ),
            migrations.AlterField(
                model_name='historicalrulepack',
                name='code',
                field=models.SlugField(max_length=20, verbose_name='code'),
            ),
            migrations.AlterField(
                model_name='historicalrulepack',
                name='grade',
                field=models.CharField(choices=[('A', 'Full text of the law or rule'), ('B', 'Official reprint or press quoting it'), ('C', 'Secondary, a default only')], default='C', max_length=1, verbose_name='how well attested'),
            ),
            migrations.AlterField(
                model_name='historicalrulepack',
                name='name',
                field=models.CharField(max_length=80, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='historicalrulepack',
                name='source',
                field=models.CharField(blank=True, max_length=200, verbose_name='source'),
            ),
            migrations.AlterField(
                model_name='historicalsupervisiontrigger',
                name='basis',
                field=models.CharField(blank=True, max_length=200, verbose_name='basis'),
            ),
            migrations.AlterField(
                model_name='historicalsupervisiontrigger',
                name='count',
                field=models.PositiveSmallIntegerField(verbose_name='from how many on'),
            ),
            migrations.AlterField(
                model_name='historicalsupervisiontrigger',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicalsupervisiontrigger',
                name='level',
                field=models.PositiveSmallIntegerField(verbose_name='level of the order'),
            ),
            migrations.AlterField(
                model_name='historicalsupervisiontrigger',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicalsupervisiontrigger',
                name='trigger',
                field=models.CharField(choices=[('leader', "A leader's order"), ('late', 'Late answer'), ('repeated', 'Asked for again and again'), ('bad_rating', 'Bad rating')], max_length=12, verbose_name='trigger'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='amount',
                field=models.PositiveSmallIntegerField(verbose_name='amount'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='clock',
                field=models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Consultation'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Call-back'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12, verbose_name='clock'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='level',
                field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level of the unit'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='matter',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='pack',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dispatch.rulepack', verbose_name='rule pack'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='source',
                field=models.CharField(blank=True, max_length=40, verbose_name='source of the request'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='type',
                field=models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12, verbose_name='request type'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='unit',
                field=models.CharField(choices=[('hours', 'hours'), ('working_hours', 'working hours'), ('natural_days', 'natural days'), ('working_days', 'working days')], max_length=13, verbose_name='counted in'),
            ),
            migrations.AlterField(
                model_name='historicaltermrule',
                name='urgency',
                field=models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8, verbose_name='urgency'),
            ),
            migrations.AlterField(
                model_name='holidaynotice',
                name='reference',
                field=models.CharField(max_length=80, verbose_name='reference of the notice'),
            ),
            migrations.AlterField(
                model_name='holidaynotice',
                name='year',
                field=models.PositiveSmallIntegerField(unique=True, verbose_name='year'),
            ),
            migrations.AlterField(
                model_name='officehours',
                name='closes',
                field=models.TimeField(verbose_name='closes'),
            ),
            migrations.AlterField(
                model_name='officehours',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='officehours',
                name='opens',
                field=models.TimeField(verbose_name='opens'),
            ),
            migrations.AlterField(
                model_name='officehours',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='packinforce',
                name='decided_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
            ),
            migrations.AlterField(
                model_name='packinforce',
                name='from_date',
                field=models.DateField(unique=True, verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='packinforce',
                name='pack',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_force', to='dispatch.rulepack', verbose_name='rule pack'),
            ),
            migrations.AlterField(
                model_name='policy',
                name='basis',
                field=models.CharField(blank=True, max_length=200, verbose_name='basis'),
            ),
            migrations.AlterField(
                model_name='policy',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='policy',
                name='key',
                field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored')], max_length=20, verbose_name='figure'),
            ),
            migrations.AlterField(
                model_name='policy',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='policy',
                name='value',
                field=models.PositiveIntegerField(verbose_name='value'),
            ),
            migrations.AlterField(
                model_name='rulepack',
                name='code',
                field=models.SlugField(max_length=20, unique=True, verbose_name='code'),
            ),
            migrations.AlterField(
                model_name='rulepack',
                name='grade',
                field=models.CharField(choices=[('A', 'Full text of the law or rule'), ('B', 'Official reprint or press quoting it'), ('C', 'Secondary, a default only')], default='C', max_length=1, verbose_name='how well attested'),
            ),
            migrations.AlterField(
                model_name='rulepack',
                name='name',
                field=models.CharField(max_length=80, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='rulepack',
                name='source',
                field=models.CharField(blank=True, max_length=200, verbose_name='source'),
            ),
            migrations.AlterField(
                model_name='supervisiontrigger',
                name='basis',
                field=models.CharField(blank=True, max_length=200, verbose_name='basis'),
            ),
            migrations.AlterField(
                model_name='supervisiontrigger',
                name='count',
                field=models.PositiveSmallIntegerField(verbose_name='from how many on'),
            ),
            migrations.AlterField(
                model_name='supervisiontrigger',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='supervisiontrigger',
                name='level',
                field=models.PositiveSmallIntegerField(verbose_name='level of the order'),
            ),
            migrations.AlterField(
                model_name='supervisiontrigger',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='supervisiontrigger',
                name='trigger',
                field=models.CharField(choices=[('leader', "A leader's order"), ('late', 'Late answer'), ('repeated', 'Asked for again and again'), ('bad_rating', 'Bad rating')], max_length=12, verbose_name='trigger'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='amount',
                field=models.PositiveSmallIntegerField(verbose_name='amount'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='basis',
                field=models.CharField(max_length=200, verbose_name='legal basis'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='clock',
                field=models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Consultation'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Call-back'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12, verbose_name='clock'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='from_date',
                field=models.DateField(verbose_name='from'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='level',
                field=models.CharField(blank=True, choices=[('city', 'City'), ('district', 'District'), ('street', 'Street or town'), ('community', 'Village or community'), ('poi', 'Place')], max_length=12, verbose_name='level of the unit'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='matter',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.matter', verbose_name='matter'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='pack',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.rulepack', verbose_name='rule pack'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='source',
                field=models.CharField(blank=True, max_length=40, verbose_name='source of the request'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='to_date',
                field=models.DateField(blank=True, null=True, verbose_name='to'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='type',
                field=models.CharField(blank=True, choices=[('consultation', 'Consultation'), ('help', 'Request for help'), ('complaint', 'Complaint'), ('report', 'Report of wrongdoing'), ('suggestion', 'Suggestion'), ('praise', 'Praise'), ('other', 'Other')], max_length=12, verbose_name='request type'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='unit',
                field=models.CharField(choices=[('hours', 'hours'), ('working_hours', 'working hours'), ('natural_days', 'natural days'), ('working_days', 'working days')], max_length=13, verbose_name='counted in'),
            ),
            migrations.AlterField(
                model_name='termrule',
                name='urgency',
                field=models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical')], max_length=8, verbose_name='urgency'),
            ),
        ]),
    ]
