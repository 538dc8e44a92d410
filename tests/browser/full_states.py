"""What a demonstration of a day does not have yet: pages of supervision full of what weeks bring."""

from typing import Any

SINCE, UNTIL = "2026-10-20", "2026-11-18"
UNITS = ("云水市住房和城乡建设局", "云水市城市管理和综合执法局", "云水市公安局交通警察支队", "云水市水务局")
MATTERS = ("城市管理 / 市容环境", "住房和城乡建设 / 物业管理", "公安交通 / 占道停车", "水务 / 供水管网与二次供水")
ROWS = tuple(enumerate(UNITS))


def _promise(place: int, **more: Any) -> dict[str, Any]:
    usual = {"id": place + 1, "number": f"1234526110100{place:05}", "title": "小区停水三天", "department": f"d{place}"}
    usual |= {"department_name": UNITS[place], "words": "我局将于十一月十八日前更换破损水管", "due_on": "2026-11-18"}
    return usual | {"late": True, "chased_at": None, "kept": None, "note": "", "settled_at": None} | more


PROMISES = [_promise(0), _promise(1), _promise(2, note="现场已开工，等材料"), _promise(3)]
STANDING = [
    {
        "department": f"d{place}",
        "department_name": unit,
        "late": place,
        "open": 4 - place,
        "kept": 12,
        "broken": place % 2,
    }
    for place, unit in ROWS
]
TOTALS = {"late": 6, "open": 10, "kept": 48, "broken": 2, "by_department": STANDING}

TOLD = {"number": "123452611010000017", "title": "文昌路十二号门口的路灯坏了三天"}
ISSUES = [
    {"heat": 91 - place * 17, "people": 23 - place, "days": 6, "districts": 2, "likes": 14, "place": "东汀区文昌路"}
    | {
        "group": matter,
        "first": "2026-11-02",
        "last": "2026-11-17",
        "messages": 31,
        "tickets": [TOLD, TOLD | {"number": "2"}],
    }
    for place, matter in enumerate(MATTERS)
]
MOVES = [
    {"before": "a", "before_name": UNITS[place], "after": "b", "after_name": UNITS[place - 1], "count": 9 - place}
    | {"tickets": [TOLD]}
    for place in range(3)
]
GAINED = [{"unit": f"d{place}", "name": unit, "gained": 9 - 5 * place} for place, unit in ROWS]
REPLAYED = {"tickets": 412, "moved": 37, "settled": 390, "right": [331, 352], "hours": [6.4, 5.1]} | {
    "moves": MOVES,
    "gained": GAINED,
}


def _study(kind: str, **more: Any) -> dict[str, Any]:
    usual = {
        "id": 7,
        "kind": kind,
        "since": SINCE,
        "until": UNTIL,
        "tries": "",
        "title": "",
        "state": "done",
        "done": 4,
    }
    usual |= {"steps": 4, "by": "罗振邦", "asked_at": "2026-11-20T02:00:00Z", "ended_at": "2026-11-20T02:04:00Z"}
    return usual | {"error": ""} | more


FIGURES = {"n": 1200, "accuracy": 0.914, "macro_f1": 0.861, "ece": 0.021, "coverage_at_97": 0.62}
VERDICT = {"cases": 400, "won": 41, "lost": 18, "p": 0.0018, "better": True, "why": "better"}
VERSIONS = [
    {"version": version, "trained_at": "2026-11-19T18:30:00Z", "cut": UNTIL, "rows": 52_400, "discarded": discarded}
    | {
        "figures": {
            "new": FIGURES,
            "frozen": FIGURES,
            "champion_new": FIGURES,
            "champion_frozen": FIGURES,
            "verdict": verdict,
        }
    }
    for version, discarded, verdict in (("20261119-1830", False, VERDICT), ("20261112-1830", True, None))
]
CHANGE = {"act": "promoted", "act_label": "启用", "before": "", "version": "20261119-1830", "by": "罗振邦"}
CHANGE |= {"why": "两周来明显更准", "at": "2026-11-20T02:00:00Z"}
LABELS = [
    {"code": f"m{place}", "name": MATTERS[place % 4], "count": 90 - 9 * place, "chosen": 70, "precision": 0.93}
    | {"recall": 0.9 - place / 50, "coverage": 0.71, "recall_before": 0.86, "count_before": 80}
    for place in range(9)
]
SIGNS = [
    {"sign": sign, "sign_label": sign, "now": 0.87, "before": 0.93, "n": 210, "m": 1600, "limit": 0.04, "alarm": alarm}
    for sign, alarm in (("acceptance", True), ("confidence", False), ("unknown", False), ("mix", False))
]
MODEL = {"name": "matter", "label": "事项", "in_use": "20261119-1830", "decided": "20261119-1830", "pinned": CHANGE}
MODEL |= {"weeks": [{"monday": "2026-11-09", "cases": 230, "right": 201}], "drift": SIGNS}
CORRECTIONS = [
    {"how": how, "before": MATTERS[place], "after": MATTERS[place - 1], "count": 12 - place}
    for place, how in enumerate(("agent", "returned", "redispatched"))
]
DETAIL = MODEL | {"versions": VERSIONS, "changes": [CHANGE], "classes": LABELS, "corrections": CORRECTIONS}
ALARM = {
    "id": 3,
    "name": "matter",
    "label": "事项",
    "sign": "acceptance",
    "sign_label": "采纳率",
    "monday": "2026-11-09",
}
ALARM |= {"found": {"now": 0.87, "before": 0.93, "n": 210, "m": 1600}, "at": "2026-11-16T00:10:00Z"}
TRAINING = {"id": 1, "state": "done", "model_label": "事项", "stage_label": "比较", "done": 6, "steps": 6, "by": None}
TRAINING |= {"asked_at": "2026-11-19T18:00:00Z", "ended_at": "2026-11-19T18:40:00Z", "results": [], "error": ""}
LEARNING = {"models": [MODEL], "training": TRAINING, "alarms": [ALARM], "may_decide": True}

SAID: dict[str, dict[str, Any]] = {
    "promises": {
        r"/promises\?": {"results": PROMISES, "next": None},
        r"/promises/totals$": TOTALS,
    },
    "hot_issues": {
        r"/studies\?": {"results": [_study("hot_issues")], "next": None, "may_ask": True},
        r"/studies/7$": _study("hot_issues", found={"tickets": 412, "left_out": 3, "issues": ISSUES}),
    },
    "replay": {
        r"/studies\?": {"results": [_study("replay", tries="catalogue", title="2026 年 11 月版")], "next": None}
        | {"may_ask": True},
        r"/studies/7$": _study("replay", tries="catalogue", found=REPLAYED),
        r"/replay/changes$": {
            "results": [{"kind": "catalogue", "title": "2026 年 11 月版", "change": {}}],
            "next": None,
        },
    },
    "learning": {r"/learning$": LEARNING, r"/learning/(type|matter|department)$": DETAIL},
}
"""By tab, what the interface says wherever an address ends so."""
