"""How lives are told: the usual one, and those that take a turn."""

from collections.abc import Callable, Iterator

from hotline.demo.city.charge import second_best
from hotline.demo.city.lives import CITIZEN, QUALITY, SUPERVISOR, Life, Step

Telling = Callable[[Life, str, str], Iterator[Step]]
"""Tells a life from its first words (their text and kind: text or voice)."""


def usual(life: Life, text: str, kind: str) -> Iterator[Step]:
    """From the first word to the archive, as most lives go."""
    yield from life.arrives(text, kind)
    if life.channel != "phone" and life.chance(0.06):
        yield from life.is_asked()
    if life.chance(0.012):
        life.later(30, 600)
        yield life.step("withdraw", CITIZEN, note=life.say("work", "withdraw_note"))
        return
    if life.request.type in ("consultation", "praise", "other") and life.chance(0.62):
        yield from life.is_accepted()
        yield from life.is_answered_at_once()
        yield from life.is_rated()
        return
    yield from life.is_accepted()
    if life.chance(0.07):
        yield from via_wrong_unit(life)
    else:
        yield from life.is_dispatched(life.units[0])
    yield from life.is_worked_on()
    yield from life.is_rated()


def via_wrong_unit(life: Life) -> Iterator[Step]:
    """Dispatched to the wrong unit, returned, moved on."""
    wrong = second_best(life.request, life.units[0], life.rng)
    life.assisting = ()
    yield from life.is_dispatched(wrong)
    yield from life.is_returned(wrong, life.units[0])


def asked(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The desk waits for the citizen."""
    yield from life.arrives(text, kind)
    yield from life.is_asked()


def returning(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The wrong unit has it."""
    yield from life.arrives(text, kind)
    yield from life.is_accepted()
    yield from via_wrong_unit(life)


def suspending(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The unit has it, and the clocks stand still."""
    life.assisting = ()
    yield from life.arrives(text, kind)
    yield from life.is_accepted()
    yield from life.is_dispatched(life.units[0])
    life.at_work(0, 0.1)
    yield life.step("sign_for", life.units[0])
    yield from life.is_suspended()


def overdue(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The unit has it, and has not answered in time."""
    life.assisting = ()
    yield from life.arrives(text, kind)
    yield from life.is_accepted()
    yield from life.is_dispatched(life.units[0])
    life.at_work(0.01, 0.2)
    yield life.step("sign_for", life.units[0])
    yield from life.is_late()


def reworking(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The answer was not good enough for the citizen."""
    yield from life.arrives(text, kind)
    yield from life.is_accepted()
    yield from life.is_dispatched(life.units[0])
    yield from life.is_worked_on()
    life.in_office(0.2, 1)
    yield life.step(
        "follow_up",
        QUALITY,
        reached=True,
        solved=False,
        satisfied=life.rng.choice((1, 2)),
        note=life.say("work", "follow_bad"),
    )
    life.later(5, 30)
    yield life.step("rework", QUALITY, note=life.say("work", "rework_note"))


def withdrawn(life: Life, text: str, kind: str) -> Iterator[Step]:
    """Taken back by the citizen."""
    yield from life.arrives(text, kind)
    life.later(20, 400)
    yield life.step("withdraw", CITIZEN, note=life.say("work", "withdraw_note"))


def refused(code: str, reason: str, door: str) -> Telling:
    """不予受理, with the right door named."""

    def telling(life: Life, text: str, kind: str) -> Iterator[Step]:
        yield from life.arrives(text, kind)
        life.later(3, 40)
        yield life.step("edit", life.agent)
        life.later(0.5, 2)
        yield life.step("refuse", life.agent, code=code, reason=reason, door=door)

    return telling


def handed_over(service: str, note: str, reference: str = "") -> Telling:
    """转紧急, within a minute or two; the number of the other service follows when it is known."""

    def telling(life: Life, text: str, kind: str) -> Iterator[Step]:
        yield life.step("receive", CITIZEN, text=text, kind=kind)
        life.later(0.5, 2)
        yield life.step("edit", life.agent)
        yield life.step("emergency", life.agent, service=service, note=note)
        if reference:
            life.later(2, 10)
            yield life.step("emergency", life.agent, service=service, reference=reference)

    return telling


def first_of_crowd(life: Life, text: str, kind: str) -> Iterator[Step]:
    """The ticket that the others are merged into: worked on and watched."""
    life.late, life.assisting = False, ()
    yield from life.arrives(text, kind)
    yield from life.is_accepted()
    yield from life.is_dispatched(life.units[0])
    life.at_work(0.01, 0.1)
    yield life.step("sign_for", life.units[0])
    life.later(200, 500)
    life.at_work(0, 0.1)
    yield life.step("supervise", SUPERVISOR, level=2, note="群体性诉求，请专题研究并每日报进度。")
    life.at_work(0.3, 1)
    yield life.step("answer_order", life.units[0], text=life.say("work", "order_reply"))
    life.at_work(5, 6)
    yield from life.is_answered()
    yield from life.is_rated()


def crowded(life: Life, text: str, kind: str) -> Iterator[Step]:
    """One voice of a crowd; the agent sees that it is not the first."""
    yield from life.arrives(text, kind)
    if life.chance(0.75):
        yield from life.is_accepted()
        life.later(1, 20)
        yield life.step("merge", life.agent)
    else:
        yield from life.is_accepted()
        yield from life.is_dispatched(life.units[0])
        yield from life.is_worked_on()
        yield from life.is_rated()


STANDING: tuple[tuple[str, Telling, int], ...] = (
    ("receive", usual, 12),
    ("request_info", asked, 8),
    ("accept", suspending, 8),
    ("dispatch_to", suspending, 8),
    ("request_return", returning, 7),
    ("suspend", suspending, 6),
    ("answer", reworking, 8),
    ("supervise", overdue, 6),
    ("answer_order", overdue, 4),
    ("rework", reworking, 7),
    ("withdraw", withdrawn, 6),
)
"""Lives that stand at a verb now: the verb, how the life came there, and how many there are."""
