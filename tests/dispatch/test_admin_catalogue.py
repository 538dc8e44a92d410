"""The catalogue in the admin: lines that follow one another, the file's difference, and who may see it."""

import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from dispatch import catalogue_export, catalogue_sheet
from dispatch.catalogue_lines import line_of
from dispatch.models import CatalogueUpload, Duty
from hotline.people.models import Staff
from tests.dispatch.catalogues import City, duty
from tests.factories import staff

pytestmark = pytest.mark.django_db
UPLOAD, EXAMINE, EXPORT = (f"/admin/dispatch/duty/{page}/" for page in ("upload", "examine", "export"))


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def administrator() -> Staff:
    person = staff("admin")
    person.is_staff = person.is_superuser = True
    person.save()
    return person


@pytest.fixture
def admin(administrator: Staff, client: Client) -> Client:
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def edited(**cells: object) -> bytes:
    """The export with cells of its first line changed."""
    book = load_workbook(io.BytesIO(catalogue_export.workbook(timezone.localdate())))
    keys = [column.key for column in catalogue_export.COLUMNS]
    for key, value in cells.items():
        book.worksheets[0].cell(2, keys.index(key) + 1).value = value  # type: ignore[assignment]
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def upload(admin: Client, data: bytes, on: date) -> object:
    file = SimpleUploadedFile("派单目录.xlsx", data, content_type=catalogue_sheet.CONTENT_TYPE)
    return admin.post(UPLOAD, {"file": file, "from_date": on.isoformat()})


def test_a_file_changes_nothing_until_its_difference_is_confirmed(
    city: City, admin: Client, administrator: Staff
) -> None:
    row = duty(city.stalls, city.urban)
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = upload(admin, edited(unit="water", unit_name=None, **{"from": None}), tomorrow)
    taken = CatalogueUpload.objects.get()
    page = f"/admin/dispatch/duty/upload/{taken.pk}/"
    assert (response.status_code, response.headers["Location"]) == (302, page)  # type: ignore[attr-defined]
    shown = admin.get(page)
    diff = shown.context["diff"]
    assert [(c.before, c.after.department) for c in diff.changed] == [(row, city.water)]
    assert (diff.added, diff.ended, Duty.objects.count()) == ((), (), 1)
    applied = admin.post(page, {"digest": diff.digest})
    assert (applied.status_code, applied.headers["Location"]) == (302, "/admin/dispatch/duty/")
    old, new = Duty.objects.order_by("from_date")
    assert (old.department, old.to_date) == (city.urban, timezone.localdate())
    assert (new.department, new.from_date, new.to_date) == (city.water, tomorrow, None)
    assert new.history.get().history_user == administrator
    taken.refresh_from_db()
    assert (taken.added, taken.changed, taken.ended, taken.by) == (0, 1, 0, administrator)
    assert taken.applied_at is not None
    assert admin.post(page, {"digest": diff.digest}).status_code == 200, "it is a record now"
    assert Duty.objects.count() == 2


def test_a_catalogue_changed_meanwhile_is_shown_again(city: City, admin: Client) -> None:
    row = duty(city.stalls, city.urban)
    upload(admin, edited(basis="新条例"), timezone.localdate())
    page = f"/admin/dispatch/duty/upload/{CatalogueUpload.objects.get().pk}/"
    digest = admin.get(page).context["diff"].digest
    row.rank = 2
    row.save()
    again = admin.post(page, {"digest": digest})
    assert again.status_code == 200
    assert [edit.after for change in again.context["diff"].changed for edit in change.edits] == ["1", "新条例"]
    assert Duty.objects.get() == row


def test_a_wrong_file_names_its_cells_and_is_not_kept(city: City, admin: Client) -> None:
    duty(city.stalls, city.urban)
    response = upload(admin, edited(rank="第一", unit="nobody"), timezone.localdate())
    titles = catalogue_export.TITLES
    told = [(error.row, error.column) for error in response.context["errors"]]  # type: ignore[attr-defined]
    assert told == [(2, str(titles["unit"])), (2, str(titles["rank"]))]
    assert not CatalogueUpload.objects.exists()


def test_the_past_cannot_be_chosen(city: City, admin: Client) -> None:
    response = upload(admin, edited(), timezone.localdate() - timedelta(days=1))
    assert "from_date" in response.context["form"].errors  # type: ignore[attr-defined]


def test_the_export_is_a_workbook_of_the_lines_in_force(city: City, admin: Client) -> None:
    duty(city.stalls, city.urban)
    response = admin.get(EXPORT)
    assert response.headers["Content-Type"] == catalogue_sheet.CONTENT_TYPE
    assert f"{timezone.localdate()}.xlsx" in response.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(response.content)).worksheets[0].max_row == 2


def form(row: Duty, **changed: object) -> dict[str, object]:
    said = {
        "matter": row.matter_id,
        "area": row.area_id or "",
        "department": row.department_id,
        "level": row.level,
        "rank": row.rank,
        "basis": row.basis,
        "to_date": "",
        "effective": timezone.localdate().isoformat(),
        "assisting": [unit.pk for unit in row.assisting.all()],
    }
    return said | changed


def test_editing_a_line_ends_it_and_begins_the_next(city: City, admin: Client) -> None:
    row = duty(city.stalls, city.urban, assisting=(city.water,))
    before = line_of(row)
    response = admin.post(f"/admin/dispatch/duty/{row.pk}/change/", form(row, department=city.urban_east.pk))
    assert response.headers["Location"] == "/admin/dispatch/duty/"
    old, new = Duty.objects.order_by("from_date").prefetch_related("assisting")
    assert (line_of(old).department, old.to_date) == (before.department, timezone.localdate() - timedelta(days=1))
    assert (new.department, set(new.assisting.all())) == (city.urban_east, {city.water})
    assert admin.post(f"/admin/dispatch/duty/{old.pk}/change/", form(old)).status_code == 403, "ended: a record"


def test_saving_without_a_change_begins_nothing(city: City, admin: Client) -> None:
    row = duty(city.stalls, city.urban)
    admin.post(f"/admin/dispatch/duty/{row.pk}/change/", form(row))
    assert [(line.pk, line.to_date) for line in Duty.objects.all()] == [(row.pk, None)]


def test_the_form_refuses_what_an_import_refuses(city: City, admin: Client) -> None:
    row = duty(city.stalls, city.urban)
    wrong = form(row, assisting=[city.urban.pk], level="street", effective="2020-01-01", to_date="2019-01-01")
    response = admin.post(f"/admin/dispatch/duty/{row.pk}/change/", wrong)
    assert set(response.context["adminform"].form.errors) == {"assisting", "level", "effective", "to_date"}


def test_a_new_line_is_added_with_its_assisting_units(city: City, admin: Client) -> None:
    said = {
        "matter": city.rubbish.pk,
        "area": city.east.pk,
        "department": city.urban_east.pk,
        "level": "",
        "rank": 1,
        "basis": "条例",
        "from_date": "2026-12-01",
        "to_date": "",
        "assisting": [city.water.pk],
    }
    admin.post("/admin/dispatch/duty/add/", said)
    row = Duty.objects.get()
    assert (row.matter, row.from_date, list(row.assisting.all())) == (city.rubbish, date(2026, 12, 1), [city.water])


def test_gaps_and_contradictions_are_listed(city: City, admin: Client) -> None:
    duty(city.stalls, city.urban)
    duty(city.stalls, city.water)
    context = admin.get(EXAMINE).context
    assert city.rubbish in [gap.matter for gap in context["uncovered"]]
    assert city.stalls not in [gap.matter for gap in context["uncovered"]]
    assert [found.kind for found in context["conflicts"]] == ["two_in_charge"]
    assert context["city_wide"] == []


def test_a_long_catalogue_asks_no_more(
    city: City, admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        duty(city.stalls, city.urban, city.east, from_date=date(2026, 3, 1) + timedelta(days=number))
    for page, most in (("/admin/dispatch/duty/", 12), (EXAMINE, 9), (EXPORT, 5)):
        with django_assert_max_num_queries(most):
            assert admin.get(page).status_code == 200


@pytest.mark.parametrize("role", ["agent", "lead", "department", "supervisor", "quality", "auditor"])
def test_nobody_else_gets_in(role: str, client: Client) -> None:
    client.force_login(staff(role), backend="django.contrib.auth.backends.ModelBackend")
    for page in ("/admin/dispatch/duty/", UPLOAD, EXAMINE, EXPORT, "/admin/dispatch/duty/upload/1/"):
        response = client.get(page)
        assert (response.status_code, response.headers["Location"]) == (302, f"/admin/login/?next={page}")


def test_who_may_only_look_cannot_import(city: City, client: Client) -> None:
    person = staff("admin")
    person.is_staff = True
    person.save()
    person.user_permissions.add(Permission.objects.get(codename="view_duty"))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    taken = CatalogueUpload.objects.create(name="x.xlsx", data=b"", from_date=timezone.localdate(), by=person)
    codes = {page: client.get(page).status_code for page in (EXPORT, EXAMINE, UPLOAD)}
    assert codes == {EXPORT: 200, EXAMINE: 200, UPLOAD: 403}
    assert client.post(f"/admin/dispatch/duty/upload/{taken.pk}/").status_code == 403
