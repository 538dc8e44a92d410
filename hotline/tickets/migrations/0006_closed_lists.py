"""The closed lists that every centre starts with: reasons and levels, editable in the admin."""

from datetime import date

from django.db import migrations

SINCE = date(2022, 1, 1)
PLAN = "国办发〔2020〕53号"
LISTS = {  # list: (code, name, name in English, door, basis)
    "return": [
        ("not_our_duty", "不属于本单位职责", "Not our duty", "", "三定方案、派单目录"),
        ("not_our_area", "不在本单位辖区", "Not in our area", "", "属地管理"),
        ("higher_level", "应由上级单位办理", "For a higher level", "", "层级权限"),
        ("law_elsewhere", "法律法规规定由其他单位办理", "The law names another unit", "", "相关法律法规"),
        ("unclear", "诉求不清，无法办理", "Too unclear to work on", "", "工单要素不全"),
    ],
    "extension": [
        ("complex", "情况复杂，需进一步调查", "Complex: further investigation", "", ""),
        ("joint", "需多个单位会同办理", "Several units must act together", "", ""),
        ("expert", "需检验、检测、鉴定", "Needs an inspection or expert opinion", "", ""),
        ("works", "需施工或采购周期", "Needs building works or procurement", "", ""),
        ("citizen", "与市民约定了时间", "Agreed with the citizen", "", ""),
        ("force_majeure", "不可抗力", "Force majeure", "", ""),
    ],
    "suspension": [
        ("expert", "等待检验、检测、鉴定结果", "Waiting for an inspection or expert opinion", "", ""),
        ("citizen", "等待市民补充材料", "Waiting for the citizen", "", ""),
        ("procedure", "等待其他法定程序的结果", "Waiting for another legal procedure", "", ""),
        ("season", "受季节、天气限制暂不能施工", "Weather does not allow the works", "", ""),
        ("force_majeure", "不可抗力", "Force majeure", "", ""),
    ],
    "refusal": [
        (
            "litigation",
            "应通过诉讼、仲裁解决",
            "For the courts or arbitration",
            "人民法院 12368；劳动人事争议仲裁机构",
            PLAN,
        ),
        ("discipline", "属于纪检监察机关受理范围", "For the discipline inspection", "纪检监察机关 12388", PLAN),
        ("reconsideration", "应通过行政复议解决", "For administrative reconsideration", "有管辖权的行政复议机关", PLAN),
        (
            "disclosure",
            "属于政府信息公开申请",
            "A request for government information",
            "相关机关的政府信息公开工作机构",
            PLAN,
        ),
        ("petition", "已进入信访程序或应由信访渠道办理", "For the petition procedure", "信访部门", PLAN),
        (
            "state_secret",
            "涉及国家秘密",
            "Touches state secrets",
            "保密行政管理部门，请勿通过电话或网络传递涉密内容",
            PLAN,
        ),
        ("trade_secret", "涉及商业秘密", "Touches trade secrets", "有关主管部门或人民法院 12368", PLAN),
        ("privacy", "涉及他人个人隐私", "Touches another person's privacy", "人民法院 12368；公安机关 110", PLAN),
        (
            "public_order",
            "违反法律法规、违背公序良俗",
            "Against the law or public order",
            "不予受理；涉嫌违法的请拨打 110",
            PLAN,
        ),
        ("procuratorate", "应由检察机关受理", "For the procuratorate", "检察服务热线 12309", PLAN),
    ],
    "set_aside": [
        ("unreasonable", "诉求不合理", "Unreasonable", "", "两人核准后不计入考核"),
        ("duplicate", "重复诉求", "Duplicate", "", "两人核准后不计入考核"),
        ("malicious", "恶意重复投诉", "Malicious repetition", "", "两人核准后不计入考核"),
        ("beyond_law", "超出现行法律政策", "Beyond law and policy", "", "两人核准后不计入考核"),
        ("beyond_duty", "超出单位职责", "Beyond the unit's duty", "", "两人核准后不计入考核"),
    ],
    "supervision": [
        ("1", "一级督办", "Level 1", "", "电话或系统督办"),
        ("2", "二级督办", "Level 2", "", "书面督办"),
        ("3", "三级督办", "Level 3", "", "领导挂牌督办"),
    ],
}


def add(apps, schema_editor):
    ListEntry = apps.get_model("tickets", "ListEntry")
    ListEntry.objects.bulk_create(
        ListEntry(
            list=which, code=code, name=name, name_en=english, door=door, basis=basis, order=place, from_date=SINCE
        )
        for which, entries in LISTS.items()
        for place, (code, name, english, door, basis) in enumerate(entries, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_anchors")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
