"""Lives that take a detour: recalled, passed down the levels and back up, disputed, merged by mistake, set aside."""

from collections.abc import Iterator

from hotline.demo.city import files
from hotline.demo.city.charge import others_concerned, passing_down, second_best
from hotline.demo.city.lives import LEAD, QUALITY, SUPERVISOR, Life, Step
from hotline.demo.city.requests import Request
from hotline.demo.city.tellings import Telling


def to_the_desk(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The first words, and 受理; nobody assists unless the detour says so."""
    life.assisting, life.late = (), False
    yield from life.arrives(text, kind)
    yield from life.is_accepted()


def to_the_end(life: Life) -> Iterator[Step]:
    """What is left of a usual life once a unit has signed."""
    yield from life.is_answered()
    yield from life.is_rated()


# --- the four levels ----------------------------------------------------------------------------------


def goes_down(request: Request) -> bool:
    """Whether a street may pass the request to a community."""
    found = passing_down(request)
    return found is not None and files.units()[found[1]].level == "community"


def passed_down(life: Life, text: str, kind: str) -> Iterator[Step]:
    """下派: the unit above signs and passes it to the one below, which does the work."""
    yield from to_the_desk(life, text, kind)
    yield from _down(life)
    yield life.is_contacted(life.units[0])
    yield from to_the_end(life)


def passed_back(life: Life, text: str, kind: str) -> Iterator[Step]:
    """上交: the unit below cannot do it, and the one above must."""
    yield from to_the_desk(life, text, kind)
    yield from _down(life)
    life.at_work(0.3, 1.2)
    yield life.step("pass_up", life.units[0], note=life.say("work", "pass_up_note"))
    life.units = life.units[1:]
    yield life.is_contacted(life.units[0])
    yield from to_the_end(life)


def _down(life: Life) -> Iterator[Step]:
    found = passing_down(life.request)
    if found is None:
        raise AssertionError(f"nobody below does {life.request.matter}")
    upper, lower = found
    yield from life.is_dispatched(upper)
    life.at_work(0.02, 0.2)
    yield life.step("sign_for", upper)
    life.later(5, 60)
    yield life.step("pass_down", upper, department=lower, note=life.say("work", "pass_down_note"))
    life.units = (lower, upper)
    life.at_work(0.05, 0.3)
    yield life.step("sign_for", lower)


# --- dispatching again ----------------------------------------------------------------------------------


def recalled(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The desk sees its mistake before the unit has signed."""
    yield from to_the_desk(life, text, kind)
    yield from life.is_dispatched(second_best(life.request, life.units[0], life.rng))
    life.later(3, 15)
    yield life.step("recall", life.agent, note=life.say("work", "recall_note"))
    yield from life.is_dispatched(life.units[0])
    yield from life.is_worked_on()
    yield from life.is_rated()


def helped(life: Life, text: str, kind: str) -> Iterator[Step]:
    """协办: two units are called in later; one answers, one is released."""
    yield from to_the_desk(life, text, kind)
    yield from life.is_dispatched(life.units[0])
    life.at_work(0.02, 0.2)
    yield life.step("sign_for", life.units[0])
    helpers = _strangers(life, 2)
    life.at_work(0.1, 0.5)
    yield life.step("assist", life.agent, assisting=helpers, note=life.say("work", "assist_note"))
    life.at_work(0.1, 0.5)
    yield life.step("sign_for", helpers[0])
    life.later(60, 300)
    yield life.step("release", life.agent, department=helpers[1], note=life.say("work", "release_note"))
    life.assisting = helpers[:1]
    yield from to_the_end(life)


def _strangers(life: Life, count: int) -> tuple[str, ...]:
    """Units that have no part yet, and stand neither above nor below the one in charge."""
    family = life.units[0].split("-")
    found = [unit for unit in ("landscape", "power", "market", "police") if unit.split("-")[0] not in family]
    return tuple(found[:count])


# --- the returns court ----------------------------------------------------------------------------------


def disputable(request: Request) -> bool:
    """Whether two other units might be taken for the one in charge."""
    return len(others_concerned(request, "")) >= 3


def kept(life: Life, text: str, kind: str) -> Iterator[Step]:
    """退单 refused: the unit in charge has to do it, and that is final."""
    yield from to_the_desk(life, text, kind)
    yield from life.is_dispatched(life.units[0])
    yield life.asks_to_return(life.units[0], second_best(life.request, life.units[0], life.rng))
    life.at_work(0.02, 0.2)
    yield life.step("rule_on_return", LEAD, upheld=False, note=life.say("work", "return_refused"))
    yield life.is_contacted(life.units[0])
    yield from to_the_end(life)


def disputed(life: Life, text: str, kind: str) -> Iterator[Step]:
    """会商: two units have returned it; all concerned are heard, and the ruling is a precedent."""
    first, second, third = others_concerned(life.request, "")[:3]
    yield from to_the_desk(life, text, kind)
    yield from life.is_dispatched(first)
    yield from life.is_returned(first, second)
    yield life.asks_to_return(second, third)
    for unit in (first, second, third):
        life.at_work(0.1, 0.4)
        yield life.step("opine", unit, text=life.say("opinions", "mine" if unit == third else "not_mine"))
    life.at_work(0.1, 0.4)
    note = "经会商，该事项由{unit}牵头办理，其他单位配合；今后同类事项照此派单。"
    named = note.format(unit=files.units()[third].short_name)
    yield life.step("rule_on_return", SUPERVISOR, upheld=True, department=third, note=named)
    life.units = (third,)
    life.at_work(0.02, 0.2)
    yield life.step("sign_for", third)
    yield from to_the_end(life)


# --- more time ------------------------------------------------------------------------------------------


def asking_for_time(life: Life, text: str, kind: str) -> Iterator[Step]:
    """延期 asked for and granted."""
    yield from to_the_desk(life, text, kind)
    yield from life.is_dispatched(life.units[0])
    life.at_work(0.02, 0.2)
    yield life.step("sign_for", life.units[0])
    yield life.asks_for_time(life.units[0])
    life.at_work(0.05, 0.4)
    yield life.step("rule_on_extension", LEAD, granted=True, note="")
    yield from to_the_end(life)


# --- one matter, one ticket -------------------------------------------------------------------------------


def merged_by_mistake(life: Life, text: str, kind: str) -> Iterator[Step]:
    """并单, and apart again: it was not the same place."""
    yield from to_the_desk(life, text, kind)
    life.later(1, 20)
    yield life.step("merge", life.agent)
    life.in_office(0.1, 0.6)
    yield life.step("unmerge", LEAD, note=life.say("work", "unmerge_note"))
    yield from life.is_dispatched(life.units[0])
    yield from life.is_worked_on()
    yield from life.is_rated()


def two_in_one(life: Life, text: str, kind: str) -> Iterator[Step]:
    """拆单: the second matter of a request becomes a ticket of its own, which waits at the desk."""
    yield from life.arrives(text, kind)
    life.later(2, 12)
    yield life.step("split", life.agent, pieces=[life.rng.choice(life.words["second_matters"])])
    yield from life.is_accepted()
    yield from life.is_dispatched(life.units[0])
    yield from life.is_worked_on()
    yield from life.is_rated()


# --- who counts, and who may not know ---------------------------------------------------------------------


def set_aside(agreed: bool) -> Telling:
    """剔除: one person asks, another rules."""

    def telling(life: Life, text: str, kind: str) -> Iterator[Step]:
        yield from to_the_desk(life, text, kind)
        yield from life.is_dispatched(life.units[0])
        yield from life.is_worked_on()
        life.in_office(0.3, 2)
        yield life.step("set_aside", QUALITY, code="unreasonable", note=life.say("work", "set_aside_note"))
        life.in_office(0.3, 1)
        ruled = life.say("work", "set_aside_agreed" if agreed else "set_aside_refused")
        yield life.step("rule_on_set_aside", SUPERVISOR, approved=agreed, note=ruled)

    return telling


def accusing(unit: str) -> Telling:
    """A complaint about a unit, which learns nothing of it: `unit`, above it, looks into it."""

    def telling(life: Life, text: str, kind: str) -> Iterator[Step]:
        life.units, life.assisting, life.confidential = (unit,), (), True
        yield from life.arrives(text, kind)
        yield from life.is_accepted()
        yield from life.is_dispatched(unit)
        life.at_work(0.02, 0.2)
        yield life.step("sign_for", unit)
        yield life.is_contacted(unit)
        yield from to_the_end(life)

    return telling


def recused(life: Life, text: str, kind: str) -> Iterator[Step]:
    """回避: the agent knows the citizen, and another takes it on."""
    yield from life.arrives(text, kind)
    life.later(1, 6)
    yield life.step("recuse", life.agent, reason=life.say("work", "recuse_reason"))
    life.turn = 1
    yield from life.is_accepted()
    yield from life.is_dispatched(life.units[0])
    yield from life.is_worked_on()
    yield from life.is_rated()


DETOURS: tuple[tuple[Telling, int], ...] = (
    (recalled, 3),
    (helped, 5),
    (kept, 5),
    (asking_for_time, 4),
    (two_in_one, 2),
    (set_aside(True), 2),
    (set_aside(False), 1),
    (recused, 2),
)
"""Detours that any request with a unit may take, and how many there are."""

STANDING: tuple[tuple[str, Telling, int], ...] = (
    ("request_extension", asking_for_time, 4),
    ("assist", helped, 2),
    ("set_aside", set_aside(True), 2),
)
"""Detours that stand at a verb now: the verb, how the life came there, and how many there are."""
