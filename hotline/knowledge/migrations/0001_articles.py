"""Articles of the knowledge base, with what two people did to each."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0005_enterprise'),
        ('tickets', '0017_as_spoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='question or title')),
                ('asked_as', models.TextField(blank=True, help_text='Other words in which citizens ask it, one way a line.', verbose_name='also asked as')),
                ('body', models.TextField(help_text='Plain words; an empty line begins a new paragraph.', verbose_name='answer')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                ('audience', models.CharField(choices=[('everybody', 'Everybody'), ('staff', 'Staff only')], default='everybody', max_length=10, verbose_name='who may read it')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='holds from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='holds until')),
                ('look_again_on', models.DateField(blank=True, null=True, verbose_name='to be looked at again on')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'Waiting for its check'), ('published', 'Published'), ('retired', 'Taken back')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark of the check')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('checked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('matters', models.ManyToManyField(blank=True, related_name='articles', to='tickets.matter', verbose_name='matters')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='people.department', verbose_name='unit that answers for it')),
                ('replaces', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='knowledge.article', verbose_name='replaces')),
                ('written_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'knowledge base',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalArticle',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='question or title')),
                ('asked_as', models.TextField(blank=True, help_text='Other words in which citizens ask it, one way a line.', verbose_name='also asked as')),
                ('body', models.TextField(help_text='Plain words; an empty line begins a new paragraph.', verbose_name='answer')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                ('audience', models.CharField(choices=[('everybody', 'Everybody'), ('staff', 'Staff only')], default='everybody', max_length=10, verbose_name='who may read it')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='holds from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='holds until')),
                ('look_again_on', models.DateField(blank=True, null=True, verbose_name='to be looked at again on')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'Waiting for its check'), ('published', 'Published'), ('retired', 'Taken back')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark of the check')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published at')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('checked_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.department', verbose_name='unit that answers for it')),
                ('replaces', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='knowledge.article', verbose_name='replaces')),
                ('written_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'historical article',
                'verbose_name_plural': 'historical knowledge base',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['state', 'updated_at'], name='article_shelf'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='article_ends_after_it_begins', violation_error_message='It cannot end before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('checked_by__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='published_was_checked'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by', models.F('written_by')), _negated=True), name='article_has_two_people'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'retired'), _negated=True), fields=('replaces',), name='one_next_edition'),
        ),
    ]
