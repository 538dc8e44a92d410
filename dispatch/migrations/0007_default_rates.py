"""The rates and weights that a new centre begins with; it changes them in the admin."""

from datetime import date

from django.db import migrations

SINCE = date(2000, 1, 1)
BASIS = "产品默认。未见国家统一公布的“三率”公式，请按本地考核办法修改。"
RATES = [
    # code, name, in English, numerator, denominator, lower is better, words, words in English
    ("signed_in_time", "及时签收率", "Signed in time", ["signed_in_time"], "sign_due", False,
     "承办单位在签收时限内自行签收的派件 ÷ 应签收的派件（退单成立的不计）",
     "parts that the unit signed for inside the limit ÷ parts that had to be signed for (rightly returned ones left out)"),
    ("contacted", "响应率", "Contacted in time", ["contacted_in_time"], "contact_due", False,
     "首次联系时限内联系了诉求人的派件 ÷ 应联系的派件",
     "parts whose citizen was contacted inside the limit ÷ parts whose citizen had to be contacted"),
    ("answered_in_time", "按时办结率", "Answered in time", ["answered_in_time"], "due", False,
     "时限内答复的次数 ÷ 应答复的次数（重办另计一次）",
     "answers given inside the limit ÷ answers that were due (a rework is due once more)"),
    ("solved", "解决率", "Solved", ["solved"], "effective_follow_ups", False,
     "回答“已解决” ÷ 有效回访（联系上并作了回答）",
     "“solved” ÷ effective call-backs (reached, and answered)"),
    ("satisfied", "满意率", "Satisfied", ["very_satisfied", "satisfied", "basically_satisfied"], "effective_ratings", False,
     "（非常满意+满意+基本满意） ÷ 有效评价",
     "(very satisfied + satisfied + basically satisfied) ÷ effective ratings"),
    ("returned", "退单率", "Returned", ["returned"], "dispatched", True,
     "裁定退单成立的派件 ÷ 派件", "parts whose return was upheld ÷ parts dispatched"),
    ("reworked", "重办率", "Reworked", ["reworked"], "answered", True,
     "转重办的工单 ÷ 已答复的工单", "requests sent to rework ÷ requests answered"),
    ("first_unit_right", "首派准确率", "Right at first", ["first_unit_right"], "sent", False,
     "最终承办单位就是首派单位（或由其转给下级）的工单 ÷ 派出的工单",
     "requests whose final unit is the first one (or one below that it passed the request on to) ÷ requests dispatched"),
    ("online", "网络渠道占比", "Online share", ["online"], "all", False,
     "非电话渠道的诉求 ÷ 全部诉求", "requests that did not come by phone ÷ requests"),
]
WEIGHTS = {"solved": 30, "satisfied": 30, "answered_in_time": 20, "contacted": 10, "signed_in_time": 10}
TOO_FEW = 10


def add(apps, schema_editor):
    RateFormula = apps.get_model("dispatch", "RateFormula")
    IndexWeight = apps.get_model("dispatch", "IndexWeight")
    RateFormula.objects.bulk_create(
        RateFormula(code=code, name=name, name_en=name_en, numerator=numerator, denominator=denominator,
                    lower_is_better=lower, words=words, words_en=words_en, order=order, basis=BASIS, from_date=SINCE)
        for order, (code, name, name_en, numerator, denominator, lower, words, words_en) in enumerate(RATES, start=1)
    )
    IndexWeight.objects.bulk_create(
        IndexWeight(rate=rate, weight=weight, basis=BASIS, from_date=SINCE) for rate, weight in WEIGHTS.items()
    )
    apps.get_model("dispatch", "Policy").objects.create(
        key="score_minimum", value=TOO_FEW, basis="产品默认", from_date=SINCE
    )


class Migration(migrations.Migration):

    dependencies = [("dispatch", "0006_scoring")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
