"""More of the telephone's figures, and the rates of calls: data that a centre edits in the admin."""

from datetime import date

import django.contrib.postgres.fields
from django.db import migrations, models


SINCE = date(2000, 1, 1)
BASIS = "默认（可在后台修改）"
FIGURES = [
    ("phone_rating_wait", 15, f"{BASIS}：评价时每一步等待按键 15 秒"),
    ("phone_message", 300, f"{BASIS}：留言最长 5 分钟"),
    ("phone_last_agent", 30, f"{BASIS}：30 天内来电优先转给上次接听的坐席"),
    ("phone_handling", 240, f"{BASIS}：尚无实测时按每通 4 分钟估算等候"),
    ("phone_answer", 15, "GB/T 33358-2016：15 秒内应答"),
    ("phone_away", 20, f"{BASIS}：坐席页面断开 20 秒仍未恢复视为离开"),
    ("phone_dial", 60, f"{BASIS}：外呼振铃最长 60 秒"),
    ("phone_calls", 50, f"{BASIS}：最多同时 50 通"),
    ("phone_longest", 7200, f"{BASIS}：单通最长 2 小时"),
    ("phone_silence", 60, f"{BASIS}：60 秒收不到任何声音视为断线"),
]
RATES = [
    # code, name, in English, numerator, denominator, lower is better, basis, words, words in English
    ("connected", "接通率", "Calls connected", ["calls_connected"], "calls", False,
     "GB/T 33358-2016：24 小时接通率不低于 95%",
     "坐席接起的来电 ÷ 服务时间内的来电（非服务时间的来电不计）",
     "calls that an agent answered ÷ calls in opening hours (those outside them left out)"),
    ("answered_soon", "15 秒应答率", "Answered within 15 s", ["answered_soon"], "calls_answered", False,
     "GB/T 33358-2016：15 秒内应答",
     "转接坐席起在规定秒数（政策数值，默认 15 秒）内接起的来电 ÷ 坐席接起的来电",
     "calls answered within the centre's seconds (15 at first) of being offered to agents ÷ calls that an agent answered"),
    ("abandoned", "放弃率", "Calls abandoned", ["calls_abandoned"], "calls", True, "产品默认",
     "等候或振铃时市民自行挂断的来电 ÷ 服务时间内的来电",
     "calls whose caller hung up while waiting or while it rang ÷ calls in opening hours"),
]


def add(apps, schema_editor):
    Policy = apps.get_model("dispatch", "Policy")
    RateFormula = apps.get_model("dispatch", "RateFormula")
    figures = [Policy(key=key, value=value, basis=basis, from_date=SINCE) for key, value, basis in FIGURES]
    rates = [
        RateFormula(code=code, name=name, name_en=name_en, numerator=numerator, denominator=denominator,
                    lower_is_better=lower, words=words, words_en=words_en, order=order, basis=basis, from_date=SINCE)
        for order, (code, name, name_en, numerator, denominator, lower, basis, words, words_en)
        in enumerate(RATES, start=10)
    ]
    for model, rows in ((Policy, figures), (RateFormula, rates)):
        model.objects.bulk_create(rows, ignore_conflicts=True)  # those that a step back left stay as they are


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0019_sound_days'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalpolicy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)'), ('phone_rating_wait', 'Telephone: seconds of waiting for each key of a rating'), ('phone_message', 'Telephone: seconds that a message may last'), ('phone_last_agent', 'Telephone: days in which a caller is given the last agent again'), ('phone_handling', 'Telephone: seconds that a call is thought to take until some were measured'), ('phone_answer', 'Telephone: seconds in which a call is answered in time'), ('phone_away', "Telephone: seconds that an agent's page may be away until the agent has left"), ('phone_dial', 'Telephone: seconds that a number outside rings'), ('phone_calls', 'Telephone: most calls at once'), ('phone_longest', 'Telephone: seconds that a call may last'), ('phone_silence', 'Telephone: seconds without any sound after which a call is taken for lost')], max_length=20, verbose_name='figure'),
        ),
        migrations.AlterField(
            model_name='historicalrateformula',
            name='denominator',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24, verbose_name='denominator'),
        ),
        migrations.AlterField(
            model_name='historicalrateformula',
            name='numerator',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24), size=None, verbose_name='numerator'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='key',
            field=models.CharField(choices=[('consult_after', 'Returns of one ticket until a consultation'), ('yellow_days', 'Yellow card: working days before the limit'), ('red_days', 'Red card: working days after the limit'), ('recall_seconds', 'Seconds in which an automatic dispatch can be taken back'), ('call_attempts', 'Attempts to reach a citizen'), ('bad_rating', 'Highest level of satisfaction that is bad'), ('crowd', 'Merged reports that make a crowd'), ('auto_precision', 'Automatic dispatch: lowest share of right units, in per cent'), ('auto_cases', 'Automatic dispatch: fewest closed tickets that must show it'), ('score_minimum', 'Cases below which a rate is too few to be scored'), ('index_cover', 'Efficiency index: lowest share of the weights that ranks a unit, in per cent'), ('confidence', 'Confidence of intervals, in per cent'), ('most_assisting', 'Most assisting units of one ticket'), ('short_hours', 'Limits of so many hours or fewer show the red card at once'), ('urge_hours', 'Hours between two urgings by the citizen'), ('ratable_days', 'Days in which an answer can be rated by message'), ('amendable_days', 'Days in which a rating can be amended by message'), ('phone_ring', 'Telephone: seconds that a call rings at one agent'), ('phone_wrapup', 'Telephone: seconds of wrap-up after a call'), ('phone_queue', 'Telephone: seconds of waiting after which a message may be left'), ('phone_announce', 'Telephone: seconds between two words to who waits'), ('phone_skill', 'Telephone: seconds that a call waits for the right skill'), ('phone_opens', 'Telephone: opens, in minutes after midnight'), ('phone_closes', 'Telephone: closes, in minutes after midnight'), ('phone_rating', 'Telephone: ask for a rating after the call (1) or not (0)'), ('phone_sound_days', 'Telephone: days that recordings are kept (0: for ever)'), ('phone_rating_wait', 'Telephone: seconds of waiting for each key of a rating'), ('phone_message', 'Telephone: seconds that a message may last'), ('phone_last_agent', 'Telephone: days in which a caller is given the last agent again'), ('phone_handling', 'Telephone: seconds that a call is thought to take until some were measured'), ('phone_answer', 'Telephone: seconds in which a call is answered in time'), ('phone_away', "Telephone: seconds that an agent's page may be away until the agent has left"), ('phone_dial', 'Telephone: seconds that a number outside rings'), ('phone_calls', 'Telephone: most calls at once'), ('phone_longest', 'Telephone: seconds that a call may last'), ('phone_silence', 'Telephone: seconds without any sound after which a call is taken for lost')], max_length=20, verbose_name='figure'),
        ),
        migrations.AlterField(
            model_name='rateformula',
            name='denominator',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24, verbose_name='denominator'),
        ),
        migrations.AlterField(
            model_name='rateformula',
            name='numerator',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24), size=None, verbose_name='numerator'),
        ),
        migrations.AlterField(
            model_name='scorecase',
            name='measure',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24),
        ),
        migrations.AlterField(
            model_name='scorecase',
            name='outcome',
            field=models.CharField(blank=True, choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24),
        ),
        migrations.AlterField(
            model_name='scoreday',
            name='measure',
            field=models.CharField(choices=[('all', 'Requests received'), ('online', '… not by phone'), ('dispatched', 'Parts dispatched to a unit'), ('returned', '… and rightly returned'), ('sign_due', 'Parts that had to be signed for'), ('signed_in_time', '… signed for by the unit in time'), ('contact_due', 'Citizens that had to be contacted'), ('contacted_in_time', '… contacted in time'), ('due', 'Answers that were due'), ('answered_in_time', '… answered in time'), ('answered', 'Requests answered'), ('reworked', '… and sent to rework'), ('sent', 'Requests dispatched'), ('first_unit_right', '… to the right unit at first'), ('effective_follow_ups', 'Effective call-backs'), ('solved', '… that said “solved”'), ('effective_ratings', 'Effective ratings'), ('very_satisfied', '… very satisfied'), ('satisfied', '… satisfied'), ('basically_satisfied', '… basically satisfied'), ('dissatisfied', '… dissatisfied'), ('very_dissatisfied', '… very dissatisfied'), ('calls', 'Calls in opening hours'), ('calls_connected', '… answered by an agent'), ('calls_abandoned', '… hung up by the caller before that'), ('calls_answered', 'Calls answered by an agent'), ('answered_soon', '… within the seconds that the centre sets')], max_length=24),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
