"""A ledger line that tells of a crowd at a place."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0018_alarms'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('received', 'Request received'), ('words_added', 'Citizen added words'), ('media_kept', 'File kept'), ('evidence_added', 'Evidence added'), ('transcribed', 'Voice transcribed'), ('suggested', 'Assistant suggested'), ('escalated', 'Danger heard'), ('alarm_seen', 'Alarm seen'), ('accepted', 'Accepted'), ('edited', 'Edited'), ('replied', 'Replied to the citizen'), ('info_requested', 'Information asked for'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('answered_directly', 'Answered directly'), ('dispatched', 'Dispatched'), ('recalled', 'Dispatch taken back'), ('units_added', 'Assisting units added'), ('unit_released', 'Assisting unit released'), ('passed_down', 'Passed to a unit below'), ('passed_up', 'Handed back to the unit above'), ('signed', 'Signed for'), ('contacted', 'Citizen contacted'), ('relayed', 'Unit wrote through the hotline'), ('return_requested', 'Return requested'), ('return_upheld', 'Return upheld'), ('return_refused', 'Return refused'), ('opinion_given', 'Opinion given'), ('consultation_ruled', 'Ruled after consultation'), ('extension_requested', 'Extension requested'), ('extension_granted', 'Extension granted'), ('extension_refused', 'Extension refused'), ('suspended', 'Suspended'), ('resumed', 'Resumed'), ('unit_answered', 'Unit answered'), ('answered', 'Answered'), ('review_passed', 'Answer approved'), ('review_failed', 'Answer sent back'), ('followed_up', 'Called back'), ('rated', 'Rated'), ('rework', 'Sent to rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('merged', 'Merged'), ('child_merged', 'Took in a merged ticket'), ('unmerged', 'Merge undone'), ('child_unmerged', 'Gave back a merged ticket'), ('split', 'Split'), ('urged', 'Urged'), ('supervised', 'Under supervision'), ('order_answered', 'Unit replied to the order'), ('supervision_ended', 'Supervision ended'), ('crowd_noticed', 'Crowd at the place'), ('card_shown', 'Card shown'), ('limit_moved', 'Limit moved'), ('set_aside_requested', 'Setting aside asked for'), ('set_aside_approved', 'Set aside'), ('set_aside_refused', 'Setting aside refused'), ('recused', 'Stood back'), ('promised', 'Promise noted'), ('promise_due', 'Promised day passed'), ('promise_settled', 'Promise settled'), ('noted', 'Noted'), ('withdrawn', 'Withdrawn'), ('delivery_failed', 'Message could not be delivered')], max_length=24),
        ),
    ]
