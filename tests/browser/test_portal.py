"""The unit's portal on a phone: sign, record contact, answer with proof, return with a reason."""

import io

from PIL import Image
from playwright.sync_api import expect

from tests.browser.hands import choose, from_menu, open_portal, press
from tests.browser.street import Street
from tests.browser.visitors import Visitors


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


def test_sign_contact_and_answer_with_proof(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("广场舞音响太吵，晚上十点还不停", "urban")
    page = open_portal(visitors, number, "待签收")
    page.get_by_role("button", name="签收").tap()
    press(page, "签收")
    expect(page.locator("article.page .tag")).to_have_text("办理中")

    page.get_by_role("button", name="登记联系").tap()
    page.get_by_role("dialog").get_by_label("联系了谁").fill("陈女士")
    press(page, "登记联系")

    page.get_by_role("button", name="答复", exact=True).tap()
    dialog = page.get_by_role("dialog", name="答复")
    dialog.get_by_label("答复市民的内容").fill("已与舞队约定晚上九点前结束，音响调低。")
    dialog.get_by_label("内部办理说明").fill("现场笔录 0421 号")
    dialog.get_by_label("问题是否解决").get_by_text("是", exact=True).tap()
    proof = {"name": "现场.png", "mimeType": "image/png", "buffer": picture()}
    dialog.locator("input[type=file]").set_input_files(proof)
    expect(dialog.get_by_role("link", name="现场.png")).to_be_visible()
    press(page, "答复")

    expect(page.locator("article.page .tag")).to_have_text("已反馈待审核")
    seen = street.sees("lead1", number)
    [part] = seen["assignments"]
    assert (part["public_answer"], part["internal_answer"], part["solved"]) == (
        "已与舞队约定晚上九点前结束，音响调低。",
        "现场笔录 0421 号",
        True,
    )
    assert [(a["purpose"], a["content_type"]) for a in seen["attachments"]] == [("handling", "image/png")]
    assert "contacted" in kinds(street, number)


def test_an_answer_half_written_is_there_again(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("公厕没有水，地上很脏", "urban")
    street.does("urban", "sign", number)
    page = open_portal(visitors, number, "办理中")
    page.get_by_role("button", name="答复", exact=True).tap()
    words = page.get_by_role("dialog").get_by_label("答复市民的内容")
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok):
        words.fill("已联系供水公司，正在")
    page.reload()
    page.get_by_role("button", name="答复", exact=True).tap()
    expect(words).to_have_value("已联系供水公司，正在")


def test_return_with_a_reason(visitors: Visitors, street: Street) -> None:
    number = street.dispatched("公交车经常不停站，老人等很久", "urban")
    street.does("urban", "sign", number)
    page = open_portal(visitors, number, "办理中")
    from_menu(page, "退单")
    page.get_by_role("dialog").get_by_role("button", name="退单").tap()
    expect(page.get_by_role("dialog")).to_contain_text("此项必填")
    choose(page, "退单理由", "不属于本单位职责")
    page.get_by_role("dialog").get_by_label("法律或职责依据").fill("公交运营归交通局管理")
    press(page, "退单")
    expect(page.locator("article.page .tag")).to_have_text("退单待审")
    [asked] = street.sees("lead1", number)["returns"]
    assert (asked["reason"], asked["basis"], asked["upheld"]) == ("not_our_duty", "公交运营归交通局管理", None)


def kinds(street: Street, number: str) -> list[str]:
    """The ticket's life as codes."""
    lines = street.colleague("lead1").get(f"/api/v1/tickets/{number}/ledger").json()["results"]
    return [line["kind"] for line in lines]
