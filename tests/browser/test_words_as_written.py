"""Markup written into every free text that somebody fills in, and every page that shows it: read as words, never run.

A script that ran would set a flag; a policy that had to stop one would be a complaint of the window (see Visitors);
an element made of the words would be found by its name. Last of the folder: its names stay in the city.
"""

import base64
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from tests.browser.street import Street
from tests.browser.visitors import Visitors

SHORT = "<img src=zzz onerror=xss=1>"
LONG = f"""'">{SHORT}<script>xss=1</script><svg onload=xss=1></svg>"""
LONG += """<iframe srcdoc="<script>parent.xss=1</script>"></iframe>"""
LONG += """<a href="javascript:xss=1">x</a>{{constructor.constructor('xss=1')()}}${xss=1}]]><!-- </title></textarea>"""
MADE = "img[src=zzz], [onerror], [onload], iframe[srcdoc], a[href^=javascript]"
CLERK, AGENT = "marked-clerk", "marked-agent"
TABS = ("overview", "returns", "extensions", "supervised", "to_follow_up", "set_asides")
TABS += ("promises", "crowds", "hot_issues", "scores", "learning", "replay")
TABLES = (
    "people/department",
    "people/staff",
    "people/area",
    "tickets/matter",
    "tickets/listentry",
    "knowledge/article",
)
TABLES += ("calls/skill", "people/apikey", "people/personaldataread", "calls/callbacktask")


def name_everything() -> dict[str, Any]:
    """What an administrator names, in a thread of its own as playwright's loop bars Django here."""
    from hotline.calls.models import CallBackTask, Skill
    from hotline.knowledge import publishing
    from hotline.knowledge.models import Article
    from hotline.people.models import ApiKey, Area, Department, Staff
    from hotline.people.sealing import fingerprint
    from hotline.tickets.models import ListEntry, Matter

    unit = Department.objects.create(code="marked", name=SHORT, short_name=SHORT, level="city", kind=SHORT[:20])
    password = make_password("hotline-demo")
    for username, role, home in ((CLERK, "department", unit), (AGENT, "agent", None)):
        Staff.objects.create(username=username, password=password, role=role, department=home, display_name=SHORT)
    Area.objects.create(code="marked", name=SHORT, level="city", aliases=[SHORT])
    Matter.objects.create(code="99marked", name=SHORT)
    Skill.objects.create(code="marked", name=SHORT)
    ApiKey.objects.create(name=LONG[:80], prefix=SHORT[:8], digest="0" * 64, scopes=[])
    for which in ("return", "extension", "suspension", "refusal", "set_aside"):
        ListEntry.objects.create(
            list=which, code="marked", name=SHORT, name_en=SHORT, door=SHORT, basis=SHORT, from_date=date(2020, 1, 1)
        )
    now, told = timezone.now(), {"phone": "13900000009", "fingerprint": fingerprint("13900000009"), "note": LONG[:200]}
    CallBackTask.objects.create(reason="asked", hour=now, first_at=now, last_at=now, **told)
    writer, checker = Staff.objects.get(username="agent1"), Staff.objects.get(username="lead1")
    article = Article.objects.create(
        title=SHORT, asked_as=LONG, body=LONG, basis=SHORT, owner=unit, valid_from=date(2020, 1, 1), written_by=writer
    )
    publishing.hand_in(article, by=writer)
    publishing.publish(article, by=checker)
    return {"article": article.pk}


@pytest.fixture
def named(city: str, django_db_blocker: DjangoDbBlocker) -> dict[str, Any]:
    def work() -> dict[str, Any]:
        try:
            return name_everything()
        finally:
            connection.close()

    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.fixture
def written(named: dict[str, Any], street: Street) -> dict[str, Any]:
    """Tickets on all channels and in most states, every word of which is markup."""
    agent, clerk = "agent1", CLERK
    wechat = street.writes(LONG.replace("]]>", "]] >"))
    text = [{"phone_number": SHORT, "content": LONG, "send_time": "", "sequence_id": SHORT}]
    assert street.web.post("/in/sms-aliyun/demo-secret/", json=text).status_code == 200
    typed = {"key": str(uuid4()), "name": SHORT, "text": LONG, "place": {"address": LONG[:200]}}
    typing = street.colleague(AGENT)
    headers = {"X-CSRFToken": typing.cookies["csrftoken"]}
    assert typing.post("/api/v1/phone/tickets", json=typed, headers=headers).status_code == 201
    made = {name: dispatched(street) for name in ("answered", "returned", "watched", "extended", "promised")}
    street.does(
        clerk, "return", made["returned"], reason="marked", basis=LONG, note=LONG, proposed_department="traffic"
    )
    street.does("supervisor1", "supervise", made["watched"], level=1, note=LONG)
    street.does(clerk, "sign", made["watched"])
    street.does(clerk, "note", made["watched"], text=LONG)
    street.does(clerk, "answer-order", made["watched"], text=LONG)
    street.does(agent, "urge", made["watched"], note=LONG)
    street.does(clerk, "sign", made["extended"])
    street.does(clerk, "request-extension", made["extended"], working_days=2, reason=LONG[:200])
    street.does(clerk, "sign", made["answered"])
    street.does(clerk, "contact", made["answered"], whom=SHORT, note=LONG)
    street.does(clerk, "answer", made["answered"], public=LONG, internal=LONG, solved=True)
    street.does("lead1", "review", made["answered"], approved=True, note=LONG)
    street.does(clerk, "sign", made["promised"])
    by = date.today() + timedelta(days=30)
    promise = f"我们承诺{SHORT}于{by.year}年{by.month}月{by.day}日前完成整改。"
    street.does(clerk, "answer", made["promised"], public=promise, solved=False)
    street.does("lead1", "review", made["promised"], approved=True)
    code = street.sees(agent, made["answered"])["public_code"]
    rate(street, code)
    return {**named, **made, "wechat": wechat, "code": code}


def dispatched(street: Street) -> str:
    """A request whose sender, place, file, title and dispatch note are markup, with the marked unit."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    file = {"filename": f"{SHORT}.png", "content": base64.b64encode(out.getvalue()).decode()}
    person = {"name": SHORT, "wechat": SHORT}
    made = street.hands_in(LONG, sender=person, place={"address": LONG[:200]}, attachments=[file])
    number = made["number"]
    street.does("agent1", "accept", number, type="help", title=LONG[:60])
    street.does("agent1", "dispatch", number, department="marked", note=LONG)
    return number


def rate(street: Street, code: str) -> None:
    """The citizen's stars and words."""
    street.web.get(f"/rate/{code}/")
    form = {"satisfied": "1", "solved": "no", "words": LONG, "submission": str(uuid4())}
    form["csrfmiddlewaretoken"] = street.web.cookies["csrftoken"]
    assert street.web.post(f"/rate/{code}/", data=form).status_code == 302


def pages(written: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(who, address, what must be there) of every page."""
    for name in ("wechat", "answered", "returned", "watched"):
        yield AGENT, f"/desk/?ticket={written[name]}", ".conversation"
    for name in ("answered", "watched", "promised"):
        yield CLERK, f"/portal/?ticket={written[name]}", "article"
    yield CLERK, "/portal/", "main"
    for tab in TABS:
        yield "supervisor1", f"/supervision/?tab={tab}", "main"
    yield "supervisor1", f"/supervision/?tab=returns&ticket={written['returned']}", ".drawer"
    yield "supervisor1", f"/supervision/?tab=supervised&ticket={written['watched']}", ".drawer"
    yield "supervisor1", "/wallboard/", ".tile"
    for table in TABLES:
        yield "admin", f"/admin/{table}/", "#result_list, #changelist"
    for path in (
        "/t/{code}/",
        "/rate/{code}/",
        "/knowledge/?q=img",
        "/knowledge/{article}/",
        f"/follow/?number={SHORT}",
    ):
        yield "", path.format(**written), "h1"


def test_words_are_shown_as_they_were_written(visitors: Visitors, written: dict[str, Any]) -> None:
    windows: dict[str, Page] = {}
    for who, address, ready in pages(written):
        page = windows.setdefault(who, visitors.staff(who) if who else visitors.citizen())
        page.goto(address)
        expect(page.locator(ready).first).to_be_visible()
        look(page, address)
    desk = windows[AGENT]
    desk.goto(f"/desk/?ticket={written['answered']}")
    for tab in range(3):
        desk.locator(".panel [role=tab]").nth(tab).click()
        look(desk, f"tab {tab}")
    expect(desk.locator("body")).to_contain_text(SHORT)
    admin = windows["admin"]
    for table in TABLES[:6]:
        admin.goto(f"/admin/{table}/?q=marked" if "article" not in table else f"/admin/{table}/")
        links = admin.locator("#result_list th a, #result_list td a").filter(has_text="<img")
        if links.count():
            links.first.click()
            look(admin, f"{table} form")
            admin.goto(admin.url.split("?")[0].replace("/change/", "/history/"))
            look(admin, f"{table} history")
    promises = windows["supervisor1"]
    promises.goto("/supervision/?tab=promises")
    promises.locator("main [role=group] button").nth(1).click()
    expect(promises.locator("main")).to_contain_text(f"我们承诺{SHORT}")
    look(promises, "promises")
    citizen = windows[""]
    citizen.goto(f"/t/{written['code']}/")
    expect(citizen.locator("body")).to_contain_text(SHORT)
    citizen.emulate_media(media="print")
    look(citizen, "print")


def look(page: Page, where: str) -> None:
    """Nothing ran, nothing was made of the words."""
    page.wait_for_load_state("networkidle")
    found = page.evaluate("made => [typeof window.xss, document.querySelectorAll(made).length]", MADE)
    assert found == ["undefined", 0], where
