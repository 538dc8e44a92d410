"""Calls of 回访 are follow-ups in English, as in the glossary."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0024_basically_satisfied'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='followup',
            options={'verbose_name': 'follow-up', 'verbose_name_plural': 'follow-ups'},
        ),
        migrations.AlterField(
            model_name='deadline',
            name='clock',
            field=models.CharField(choices=[('accept', 'Acceptance'), ('sign', 'Sign-for'), ('contact', 'First contact'), ('return', 'Return window'), ('ruling', 'Ruling'), ('consultation', 'Hearing of the units'), ('answer', 'Answer'), ('extension', 'Extension cap'), ('review', 'Answer review'), ('call_back', 'Follow-up'), ('silence', 'Closing unrated'), ('recontact', 'Contact after a bad rating'), ('rework', 'Rework'), ('supervision', 'Reply to an order')], max_length=12),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('received', 'Request received'), ('words_added', 'Citizen added words'), ('media_kept', 'File kept'), ('evidence_added', 'Evidence added'), ('transcribed', 'Voice transcribed'), ('suggested', 'Assistant suggested'), ('escalated', 'Danger heard'), ('alarm_seen', 'Alarm seen'), ('accepted', 'Accepted'), ('edited', 'Edited'), ('replied', 'Replied to the citizen'), ('info_requested', 'Information asked for'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('answered_directly', 'Answered directly'), ('dispatched', 'Dispatched'), ('recalled', 'Dispatch taken back'), ('units_added', 'Assisting units added'), ('unit_released', 'Assisting unit released'), ('passed_down', 'Passed to a unit below'), ('passed_up', 'Handed back to the unit above'), ('signed', 'Signed for'), ('contacted', 'Citizen contacted'), ('relayed', 'Unit wrote through the hotline'), ('return_requested', 'Return requested'), ('return_upheld', 'Return upheld'), ('return_refused', 'Return refused'), ('opinion_given', 'Opinion given'), ('consultation_ruled', 'Ruled after consultation'), ('extension_requested', 'Extension requested'), ('extension_granted', 'Extension granted'), ('extension_refused', 'Extension refused'), ('suspended', 'Suspended'), ('resumed', 'Resumed'), ('unit_answered', 'Unit answered'), ('answered', 'Answered'), ('review_passed', 'Answer approved'), ('review_failed', 'Answer sent back'), ('followed_up', 'Followed up'), ('rated', 'Rated'), ('rework', 'Sent to rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('merged', 'Merged'), ('child_merged', 'Took in a merged ticket'), ('unmerged', 'Merge undone'), ('child_unmerged', 'Gave back a merged ticket'), ('split', 'Split'), ('urged', 'Urged'), ('supervised', 'Under supervision'), ('order_answered', 'Unit replied to the order'), ('supervision_ended', 'Supervision ended'), ('crowd_noticed', 'Crowd at the place'), ('card_shown', 'Card shown'), ('limit_moved', 'Limit moved'), ('set_aside_requested', 'Setting aside asked for'), ('set_aside_approved', 'Set aside'), ('set_aside_refused', 'Setting aside refused'), ('recused', 'Stood back'), ('promised', 'Promise noted'), ('promise_due', 'Promised day passed'), ('promise_settled', 'Promise settled'), ('noted', 'Noted'), ('withdrawn', 'Withdrawn'), ('delivery_failed', 'Message could not be delivered')], max_length=24),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='state',
            field=models.CharField(choices=[('received', 'Received'), ('awaiting_info', 'Awaiting information'), ('accepted', 'Accepted, to be dispatched'), ('dispatched', 'To be signed for'), ('handling', 'In handling'), ('return_review', 'Return under review'), ('suspended', 'Suspended'), ('answer_review', 'Answer under review'), ('follow_up', 'Awaiting follow-up'), ('rework', 'Rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('merged', 'Merged'), ('withdrawn', 'Withdrawn')], max_length=16),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='call_back',
            field=models.CharField(blank=True, choices=[('', 'Not followed up'), ('due', 'By rule'), ('sampled', 'By sample')], default='', max_length=8),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='state',
            field=models.CharField(choices=[('received', 'Received'), ('awaiting_info', 'Awaiting information'), ('accepted', 'Accepted, to be dispatched'), ('dispatched', 'To be signed for'), ('handling', 'In handling'), ('return_review', 'Return under review'), ('suspended', 'Suspended'), ('answer_review', 'Answer under review'), ('follow_up', 'Awaiting follow-up'), ('rework', 'Rework'), ('closed', 'Closed'), ('archived', 'Archived'), ('refused', 'Not accepted'), ('emergency', 'Handed to emergency services'), ('merged', 'Merged'), ('withdrawn', 'Withdrawn')], default='received', max_length=16),
        ),
    ]
