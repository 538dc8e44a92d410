"""Due signatures of every part are found by index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('tickets', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ticket',
            name='ticket_sign_due',
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('received', 'Request received'), ('words_added', 'Citizen added words'), ('media_kept', 'File kept'), ('evidence_added', 'Evidence added'), ('transcribed', 'Voice transcribed'), ('suggested', 'Assistant suggested'), ('accepted', 'Accepted'), ('edited', 'Edited'), ('replied', 'Replied to the citizen'), ('info_requested', 'Information asked for'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('answered_directly', 'Answered directly'), ('dispatched', 'Dispatched'), ('signed', 'Signed for'), ('contacted', 'Citizen contacted'), ('return_requested', 'Return requested'), ('return_upheld', 'Return upheld'), ('return_refused', 'Return refused'), ('extension_requested', 'Extension requested'), ('extension_granted', 'Extension granted'), ('extension_refused', 'Extension refused'), ('suspended', 'Suspended'), ('resumed', 'Resumed'), ('unit_answered', 'Unit answered'), ('answered', 'Answered'), ('review_passed', 'Answer approved'), ('review_failed', 'Answer sent back'), ('followed_up', 'Called back'), ('rated', 'Rated'), ('rework', 'Sent to rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('merged', 'Merged'), ('child_merged', 'Took in a merged ticket'), ('urged', 'Urged'), ('supervised', 'Under supervision'), ('noted', 'Noted'), ('withdrawn', 'Withdrawn'), ('delivery_failed', 'Message could not be delivered')], max_length=24),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('state', 'to_sign')), fields=['sign_due_at'], name='assignment_sign_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state', 'follow_up')), fields=['updated_at'], name='ticket_unrated'),
        ),
    ]
