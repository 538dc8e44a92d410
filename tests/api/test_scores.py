"""The league, its Excel file and the estimates from call-backs, as the interface gives them."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from dispatch.models import IndexWeight, Policy, ScoreDay, ScoreFold
from hotline.people.models import Department
from hotline.tickets import clock, closing, ledger
from hotline.tickets.models import CallBack
from hotline.tickets.rulebook import CallBackChoice
from hotline.tickets.states import State
from tests.api.conftest import Browser
from tests.factories import Cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
MEASURES = {
    "solved": ("effective_follow_ups", "solved"),
    "satisfied": ("effective_ratings", "satisfied"),
    "answered_in_time": ("due", "answered_in_time"),
    "contacted": ("contact_due", "contacted_in_time"),
    "signed_in_time": ("sign_due", "signed_in_time"),
}


def scored(unit: Department, **rates: tuple[int, int]) -> None:
    """What was counted for a unit on one day: hits and cases by rate."""
    for name, (hits, cases) in rates.items():
        for measure, count in zip(MEASURES[name], (cases, hits), strict=True):
            ScoreDay.objects.create(day=DAY, department=unit, measure=measure, counted=count, aside=count // 10)


@pytest.fixture
def city() -> Cast:
    """Units with known scores: a good one, a poor one, and one with too few cases."""
    cast = Cast()
    ScoreFold.objects.create(feed=ledger.head(), until=clock.now(), tickets=0)
    scored(
        cast.unit,
        solved=(95, 100),
        satisfied=(98, 100),
        answered_in_time=(100, 100),
        contacted=(90, 100),
        signed_in_time=(100, 100),
    )
    scored(
        cast.other_unit,
        solved=(30, 100),
        satisfied=(50, 100),
        answered_in_time=(60, 100),
        contacted=(40, 100),
        signed_in_time=(50, 100),
    )
    scored(cast.helper_unit, solved=(0, 3), satisfied=(1, 3), answered_in_time=(11, 20))
    return cast


def test_the_league(city: Cast) -> None:
    body = Browser(city.supervisor).get("/scores", **MARCH).json()
    first, second, third = body["results"]
    assert body["minimum"] == 10
    assert [row["department"] for row in body["results"]] == [
        city.unit.code,
        city.other_unit.code,
        city.helper_unit.code,
    ]
    assert (first["place"], first["index"], first["against_whole"]) == (1, 96.9, "above")
    assert (second["place"], second["index"], second["against_whole"]) == (2, 45.0, "below")
    assert 94 < first["low"] < 96.9 < first["high"] < 99
    assert (third["place"], third["index"], third["low"], third["covered"]) == (None, None, None, 0.2)
    assert third["against_whole"] == "unknown"
    few = {rate["name"]: (rate["too_few"], rate["numerator"], rate["denominator"]) for rate in third["rates"]}
    assert few == {
        "solved": (True, 0, 3),
        "satisfied": (True, 1, 3),
        "answered_in_time": (False, 11, 20),
        "contacted": (True, 0, 0),
        "signed_in_time": (True, 0, 0),
    }
    assert first["rates"][0]["set_aside"] == 10
    whole = {rate["name"]: (rate["numerator"], rate["denominator"]) for rate in body["whole"]["rates"]}
    assert whole["solved"] == (125, 203)


def test_what_is_missing_leaves_its_weight_to_the_others(city: Cast) -> None:
    Policy.objects.create(key="score_minimum", value=3, from_date=DAY)
    IndexWeight.objects.filter(rate="contacted").update(to_date=date(2026, 3, 30))
    body = Browser(city.supervisor).get("/scores", **MARCH).json()
    third = next(row for row in body["results"] if row["department"] == city.helper_unit.code)
    assert third["covered"] == round(80 / 90, 4)
    assert third["index"] == round(100 * (30 * 0 + 30 * (1 / 3) + 20 * 0.55) / 80, 1)
    assert [rate["weight"] for rate in third["rates"]] == [10, 20, 30, 30]
    assert third["against_whole"] == "around" or third["high"] < body["whole"]["index"]


def test_how_much_must_be_covered_and_how_sure_intervals_are_is_the_centres_to_say(city: Cast) -> None:
    before = Browser(city.supervisor).get("/scores", **MARCH).json()["results"]
    Policy.objects.create(key="index_cover", value=20, from_date=DAY)
    Policy.objects.create(key="confidence", value=99, from_date=DAY)
    after = Browser(city.supervisor).get("/scores", **MARCH).json()["results"]
    assert (before[2]["department"], before[2]["index"]) == (city.helper_unit.code, None)
    assert (after[1]["department"], after[1]["index"]) == (city.helper_unit.code, 55.0)
    assert after[0]["low"] < before[0]["low"] < before[0]["high"] < after[0]["high"]


def test_a_rate_of_what_is_unwanted_counts_what_is_left_of_one(city: Cast) -> None:
    IndexWeight.objects.all().delete()
    IndexWeight.objects.create(rate="returned", weight=1, from_date=DAY)
    for measure, count in (("dispatched", 100), ("returned", 10)):
        ScoreDay.objects.create(day=DAY, department=city.unit, measure=measure, counted=count)
    first = Browser(city.supervisor).get("/scores", **MARCH).json()["results"][0]
    assert (first["department"], first["index"]) == (city.unit.code, 90.0)
    assert first["low"] < 90 < first["high"]
    assert first["rates"][0]["value"] == 0.1


def test_a_unit_reads_its_own_place_and_the_whole_only(city: Cast) -> None:
    body = Browser(city.other_clerk).get("/scores", **MARCH).json()
    assert [(row["department"], row["place"]) for row in body["results"]] == [(city.other_unit.code, 2)]
    assert body["whole"]["index"] is not None
    sheet = load_workbook(io.BytesIO(Browser(city.other_clerk).get("/scores.xlsx", **MARCH).content)).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [city.other_unit.code]


def test_levels_are_compared_among_themselves(city: Cast) -> None:
    Department.objects.filter(pk=city.other_unit.pk).update(level="street")
    body = Browser(city.supervisor).get("/scores", level="street", **MARCH).json()
    assert [(row["department"], row["place"], row["against_whole"]) for row in body["results"]] == [
        (city.other_unit.code, 1, "around")
    ]
    assert Browser(city.supervisor).get("/scores", level="moon").status_code == 422


def test_the_excel_file_says_the_same(city: Cast) -> None:
    Department.objects.filter(pk=city.unit.pk).update(name="=1+1")
    response = Browser(city.supervisor, accept_language="en").get("/scores.xlsx", **MARCH)
    assert response.headers["Content-Disposition"] == 'attachment; filename="scores-2026-03-01-2026-03-31.xlsx"'
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    head = list(rows[0])
    assert head[:8] == [
        "Place",
        "Code",
        "Unit",
        "Level",
        "Efficiency index",
        "from",
        "to",
        "Against the whole",
    ]
    first = dict(zip(head, rows[1], strict=True))
    assert (first["Place"], first["Unit"], first["Efficiency index"]) == (1, "=1+1", 96.9)
    assert sheet.cell(2, 3).data_type == "s", "a name is no formula"
    solved = [first[name] for name in head if name.startswith("Solved")]
    assert solved == [0.95, 95, 100, 0.8882, 0.9785, 10]
    assert rows[3][0] == "too few cases"


def test_estimates_say_how_they_were_found(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    lots = [CallBackChoice(choice=choice, share=0.5) for choice in (CallBack.SAMPLED, CallBack.NONE)]
    monkeypatch.setattr("dispatch.rulebook.Book.call_back", lambda _book, _ticket: lots.pop(0))
    drawn, _spared = (cast.ticket_in(State.FOLLOW_UP) for _ in range(2))
    closing.rate(ticket=drawn, channel="web", satisfied=4, solved=True)
    supervisor = Browser(cast.supervisor, accept_language="en")
    solved, satisfied = supervisor.get("/call-back-estimates").json()["results"]
    assert (solved["name"], solved["value"], solved["population"], solved["drawn"], solved["heard"]) == (
        "solved",
        1.0,
        2,
        1,
        1,
    )
    assert solved["strata"] == [{"share": 0.5, "population": 2, "drawn": 1, "heard": 1, "positive": 1}]
    assert "2 answers from the 1 citizens heard of 1 drawn" in solved["method"]
    assert (satisfied["name"], satisfied["confidence"]) == ("satisfied", 0.95)
    by_unit = supervisor.get("/call-back-estimates", by="department").json()["results"]
    assert {row["department"] for row in by_unit} == {cast.unit.code}
    nothing = Browser(cast.other_clerk, accept_language="en").get("/call-back-estimates").json()["results"][0]
    assert (nothing["value"], nothing["population"]) == (None, 0)
    assert nothing["method"] == "Nobody who was drawn for a follow-up has been heard yet."
