"""Formulas are data in a closed vocabulary: what a centre may write, and what the admin refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from dispatch.models import IndexWeight, Measure, RateFormula
from dispatch.models.scoring import WHOLE
from tests.factories import staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def formula(numerator: list[str], denominator: str) -> RateFormula:
    return RateFormula(
        code="mine", name="自定", words="…", numerator=numerator, denominator=denominator, from_date=TODAY
    )


def test_the_formulas_that_a_centre_begins_with_are_allowed() -> None:
    begun = list(RateFormula.objects.all())
    assert [row.code for row in begun] == [
        "signed_in_time",
        "contacted",
        "answered_in_time",
        "solved",
        "satisfied",
        "returned",
        "reworked",
        "first_unit_right",
        "online",
        "connected",
        "answered_soon",
        "abandoned",
    ]
    for row in begun:
        row.full_clean()
    assert {row.code for row in begun if row.lower_is_better} == {"returned", "reworked", "abandoned"}
    weights = IndexWeight.objects.all()
    assert sum(row.weight for row in weights) == 100
    for weight in weights:
        weight.full_clean()


@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [
        (["returned"], "effective_ratings"),
        (["effective_ratings"], "effective_ratings"),
        (["satisfied", "satisfied"], "effective_ratings"),
        (["satisfied", "solved"], "effective_ratings"),
        (["__import__"], "all"),
        ([], "all"),
        (["online"], "os.system"),
    ],
)
def test_a_formula_that_is_no_share_is_refused(numerator: list[str], denominator: str) -> None:
    with pytest.raises(ValidationError):
        formula(numerator, denominator).full_clean()


def test_every_part_has_its_whole_and_no_whole_is_a_part() -> None:
    assert set(WHOLE) | set(WHOLE.values()) == set(Measure)
    assert not set(WHOLE) & set(WHOLE.values())


def test_the_admin_keeps_what_was_and_refuses_what_is_no_share(client: Client) -> None:
    person = staff("admin")
    person.is_staff = person.is_superuser = True
    person.save()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    said = {
        "code": "well_satisfied",
        "name": "满意以上率",
        "words": "（非常满意+满意） ÷ 有效评价",
        "numerator": ["very_satisfied", "satisfied"],
        "denominator": "effective_ratings",
        "order": 20,
        "from_date": "2030-01-01",
    }
    page = "/admin/dispatch/rateformula/add/"
    refused = client.post(page, said | {"numerator": ["solved"]})
    assert refused.status_code == 200
    assert not RateFormula.objects.filter(code="well_satisfied").exists()
    assert client.post(page, said).status_code == 302
    made = RateFormula.objects.get(code="well_satisfied")
    assert made.numerator == ["very_satisfied", "satisfied"]
    client.post(f"/admin/dispatch/rateformula/{made.pk}/change/", said | {"numerator": ["very_satisfied"]})
    assert [row.numerator for row in made.history.order_by("history_id")] == [
        ["very_satisfied", "satisfied"],
        ["very_satisfied"],
    ]
    assert {row.history_user for row in made.history.all()} == {person}
    unknown = client.post(
        "/admin/dispatch/indexweight/add/", {"rate": "no_such_rate", "weight": 5, "from_date": "2030-01-01"}
    )
    assert unknown.status_code == 200
    assert not IndexWeight.objects.filter(rate="no_such_rate").exists()
