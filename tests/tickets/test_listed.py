"""The closed lists are closed for every caller: the verbs themselves refuse a code that is not in force."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest

from hotline.tickets import clock, lifecycle, listed, pauses, returns, setting_aside
from hotline.tickets.actors import staff as by
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import List, ListEntry, Ticket
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast

pytestmark = pytest.mark.django_db
Use = Callable[[Cast, Ticket, str], object]


def _return(cast: Cast, row: Ticket, code: str) -> object:
    return returns.request_return(ticket=row, by=by(cast.clerk), version=row.version, reason=code, basis="三定")


def _extension(cast: Cast, row: Ticket, code: str) -> object:
    return pauses.request_extension(
        ticket=row, by=by(cast.clerk), version=row.version, working_days=1, code=code, reason="等配件"
    )


def _suspension(cast: Cast, row: Ticket, code: str) -> object:
    return pauses.suspend(ticket=row, by=by(cast.lead), version=row.version, code=code, reason="等待")


def _refusal(cast: Cast, row: Ticket, code: str) -> object:
    return lifecycle.refuse(ticket=row, by=by(cast.agent), version=row.version, code=code, reason="诉讼", door="法院")


def _set_aside(cast: Cast, row: Ticket, code: str) -> object:
    return setting_aside.ask(ticket=row, by=by(cast.quality), version=row.version, code=code, note="无依据")


def _emergency(cast: Cast, row: Ticket, code: str) -> object:
    return lifecycle.emergency(ticket=row, by=by(cast.agent), version=row.version, service=code)


USES: dict[List, tuple[Use, State, str, str]] = {
    List.RETURN: (_return, State.HANDLING, "reason", "unclear"),
    List.EXTENSION: (_extension, State.HANDLING, "code", "works"),
    List.SUSPENSION: (_suspension, State.HANDLING, "code", "expert"),
    List.REFUSAL: (_refusal, State.RECEIVED, "code", "litigation"),
    List.SET_ASIDE: (_set_aside, State.CLOSED, "code", "unreasonable"),
    List.EMERGENCY: (_emergency, State.RECEIVED, "service", "119"),
}
WITH_OTHER = (List.RETURN, List.EXTENSION, List.SUSPENSION, List.REFUSAL)


def recorded(row: Ticket, field: str) -> str:
    line = row.ledger.latest("sequence")
    return str(line.data[field])


@pytest.mark.parametrize("which", USES)
def test_a_code_in_force_is_recorded_and_any_other_is_a_wrong_field(which: List) -> None:
    cast = Cast()
    use, state, field, code = USES[which]
    row = cast.ticket_in(state)
    lines = row.ledger_length
    with pytest.raises(InvalidFields) as caught:
        use(cast, row, "because")
    assert list(caught.value.errors) == [field]
    row.refresh_from_db()
    assert (row.state, row.ledger_length) == (state, lines)
    use(cast, row, code)
    assert recorded(row, field) == code


@pytest.mark.parametrize("which", USES)
def test_a_code_is_in_force_from_its_first_day_to_its_last(which: List) -> None:
    _use, _state, _field, code = USES[which]
    ListEntry.objects.filter(list=which, code=code).update(from_date=date(2026, 3, 1), to_date=date(2026, 3, 31))
    china = timezone(timedelta(hours=8))
    for day, chosen in ((datetime(2026, 3, 1), True), (datetime(2026, 3, 31, 23, 59), True)):
        with clock.at(day.replace(tzinfo=china)):
            assert listed.in_force(which, code) == code, chosen
    for day in (datetime(2026, 2, 28, 23, 59), datetime(2026, 4, 1)):
        with clock.at(day.replace(tzinfo=china)), pytest.raises(InvalidFields):
            listed.in_force(which, code)


@pytest.mark.parametrize("which", WITH_OTHER)
def test_where_none_is_named_it_is_other(which: List) -> None:
    cast = Cast()
    use, state, field, _code = USES[which]
    row = cast.ticket_in(state)
    use(cast, row, "")
    assert recorded(row, field) == "other"


@pytest.mark.parametrize("which", [List.SET_ASIDE, List.EMERGENCY])
def test_two_lists_have_no_other(which: List) -> None:
    cast = Cast()
    use, state, field, _code = USES[which]
    with pytest.raises(InvalidFields) as caught:
        use(cast, cast.ticket_in(state), "")
    assert list(caught.value.errors) == [field]


def test_a_centre_that_ended_other_wants_a_code_named() -> None:
    cast = Cast()
    ListEntry.objects.filter(list=List.EXTENSION, code="other").update(to_date=date(2026, 1, 1))
    with pytest.raises(InvalidFields):
        _extension(cast, cast.ticket_in(State.HANDLING), "")


def test_the_interface_takes_the_contracts_words_and_refuses_an_ended_code() -> None:
    cast = Cast()
    row = cast.ticket_in(State.HANDLING)
    ListEntry.objects.filter(list=List.EXTENSION, code="works").update(to_date=date(2026, 1, 1))
    clerk = Browser(cast.clerk)
    asked = {"working_days": 1, "reason": "等配件"}
    refused = clerk.act(row.number, "request-extension", row.version, code="works", **asked)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["code"])
    taken = clerk.act(row.number, "request-extension", row.version, **asked)
    assert taken.status_code == 200
    assert [(found["code"], found["cause"]) for found in taken.json()["extensions"]] == [("other", "其他")]
