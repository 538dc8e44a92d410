"""The catalogue out to Excel and in again: what is refused, in whose words, and exactly what would change."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils.translation import gettext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from dispatch import catalogue_diff, catalogue_export, catalogue_sheet
from dispatch.catalogue_diff import Diff
from dispatch.catalogue_export import COLUMNS
from dispatch.catalogue_lines import line_of, loaded
from dispatch.catalogue_rows import Reader
from dispatch.catalogue_sheet import CellError, Unreadable
from dispatch.duties import in_force
from dispatch.models import Duty
from hotline.people.models import Area, Department
from tests.dispatch.catalogues import SPRING, City, duty
from tests.factories import staff

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)
ZH = [str(column.title) for column in COLUMNS]
KEYS = [column.key for column in COLUMNS]
Cells = dict[str, object]


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def two_lines(city: City) -> City:
    duty(city.stalls, city.urban, assisting=(city.water,))
    duty(city.rubbish, city.urban_east, city.east, rank=2)
    return city


def compare(data: bytes, on: date = JUNE) -> Diff:
    return catalogue_diff.compare(Reader().read(catalogue_sheet.read(data, COLUMNS)), on)


def edited(edit: Callable[[list[Cells]], object], on: date = JUNE) -> bytes:
    """The exported catalogue, as somebody edited its rows."""
    sheet = load_workbook(io.BytesIO(catalogue_export.workbook(on))).worksheets[0]
    titles, *lines = ([cell.value for cell in row] for row in sheet.iter_rows())
    rows = [dict(zip(KEYS, line, strict=True)) for line in lines]
    edit(rows)
    book = Workbook()
    book.worksheets[0].append(titles)
    for row in rows:
        book.worksheets[0].append([row.get(key) for key in KEYS])
    return saved(book)


def saved(book: Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def errors(data: bytes, on: date = JUNE) -> list[CellError]:
    with pytest.raises(Unreadable) as refused:
        compare(data, on)
    return refused.value.errors


def test_every_line_in_force_is_exported(two_lines: City) -> None:
    duty(two_lines.rubbish, two_lines.water, to_date=JUNE - timedelta(days=1))
    sheet = load_workbook(io.BytesIO(catalogue_export.workbook(JUNE))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:10] for row in rows] == [
        ["0101", "占道经营", None, gettext("Whole city"), None, "urban", "市城管局", "water", 1, "条例第三条"],
        ["0102", "垃圾清运", "11", "东区", None, "urban-east", "东区城管局", None, 2, "条例第三条"],
    ]
    assert [(row[10].date(), row[11]) for row in rows] == [(SPRING, None), (SPRING, None)]


def test_an_export_taken_in_again_changes_nothing(two_lines: City) -> None:
    diff = compare(catalogue_export.workbook(JUNE))
    assert (diff.changes, diff.unchanged, diff.warnings) == ((), 2, ())


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["01", "0101", "0102"]),
            st.sampled_from([None, "1", "11", "111"]),
            st.sampled_from(["urban", "water", "urban-east", "wenlan"]),
            st.sets(st.sampled_from(["rongyin", "urban-west"])),
            st.integers(1, 99),
            words,
            st.booleans(),
            st.one_of(st.none(), st.dates(JUNE, date(2030, 1, 1))),
        ),
        unique_by=lambda line: line[:3],
        max_size=6,
    )
)
def test_any_catalogue_survives_the_way_out_and_in(city: City, lines: list[tuple]) -> None:  # type: ignore[type-arg]
    Duty.objects.all().delete()
    matters = {row.code: row for row in (city.field, city.stalls, city.rubbish)}
    areas = {row.code: row for row in Area.objects.all()}
    units = {row.code: row for row in Department.objects.all()}
    for matter, area, unit, assisting, rank, basis, levelled, to_date in lines:
        duty(
            matters[matter],
            units[unit],
            areas[area] if area else None,
            assisting=tuple(units[code] for code in assisting),
            rank=rank,
            basis=basis,
            level=units[unit].level if levelled else "",
            to_date=to_date,
        )
    diff = compare(catalogue_export.workbook(JUNE))
    assert (diff.changes, diff.unchanged) == ((), len(lines))


def test_the_difference_names_what_is_added_changed_and_ended(two_lines: City) -> None:
    city = two_lines
    duty(city.field, city.water)

    def edit(rows: list[Cells]) -> None:
        assert [row["matter"] for row in rows] == ["01", "0101", "0102"]
        rows[1] |= {"unit": "water", "unit_name": None, "assisting": "urban", "from": None}
        rows[2] |= {"basis": "新条例第一条", "rank": "1"}
        rows[0] = {"matter": "0102", "unit_name": "市水务局", "rank": 3.0, "basis": "三定方案", "level": "city"}

    diff = compare(edited(edit))
    assert [(c.line.matter.code, c.line.department.code, c.row) for c in diff.added] == [("0102", "water", 2)]
    assert [(c.line.matter.code, c.line.department.code) for c in diff.ended] == [("01", "water")]
    told = {c.row: [(e.title, e.before, e.after) for e in c.edits] for c in diff.changed}
    title = dict(zip(KEYS, ZH, strict=True))
    assert told == {
        3: [(title["unit_name"], "市城管局", "市水务局"), (title["assisting"], "water", "urban")],
        4: [(title["rank"], "2", "1"), (title["basis"], "条例第三条", "新条例第一条")],
    }
    assert diff.unchanged == 0


def test_what_was_shown_is_what_is_applied_from_the_chosen_day(two_lines: City) -> None:
    by = staff("admin")
    diff = compare(edited(lambda rows: rows[0].update(unit="water", unit_name=None, assisting=None)))
    catalogue_diff.apply(diff, by)
    now = {row.matter.code: row.department.code for row in loaded(in_force(JUNE))}
    before = {row.matter.code: row.department.code for row in loaded(in_force(JUNE - timedelta(days=1)))}
    assert now == {"0101": "water", "0102": "urban-east"}
    assert before == {"0101": "urban", "0102": "urban-east"}
    assert compare(catalogue_export.workbook(JUNE)).changes == ()


def test_nothing_is_applied_when_a_part_fails(two_lines: City) -> None:
    def edit(rows: list[Cells]) -> None:
        rows.pop()
        rows.append({"matter": "0102", "unit": "water", "rank": 1, "basis": "三定方案"})

    diff = compare(edited(edit))
    assert (len(diff.added), len(diff.ended)) == (1, 1)
    before = [line_of(row) for row in loaded(Duty.objects.all())]
    with pytest.raises(IntegrityError):
        catalogue_diff.apply(replace(diff, added=diff.added * 2), staff("admin"))
    assert [line_of(row) for row in loaded(Duty.objects.all())] == before


def test_every_wrong_cell_is_named_with_what_to_write(two_lines: City) -> None:
    def edit(rows: list[Cells]) -> None:
        rows[0] |= {"matter": 101, "rank": "第一", "to": "明年"}
        rows[1] |= {"unit": "nobody", "level": "县", "assisting": "water、ghost", "area_name": "西区"}
        rows.append({"matter": None, "unit": None, "rank": 0, "basis": "长" * 201})

    found = errors(edited(edit))
    title = dict(zip(KEYS, ZH, strict=True))
    assert [(error.row, error.column) for error in found] == [
        (2, title["matter"]),
        (2, title["rank"]),
        (2, title["to"]),
        (3, title["area_name"]),
        (3, title["level"]),
        (3, title["unit"]),
        (3, title["assisting"]),
        (4, title["matter"]),
        (4, title["unit"]),
        (4, title["rank"]),
        (4, title["basis"]),
    ]
    assert all(error.text for error in found)


def test_what_a_new_line_may_not_say(two_lines: City) -> None:
    two_lines.water.active = False
    two_lines.water.save()

    def edit(rows: list[Cells]) -> None:
        rows[1] |= {"assisting": "urban-east", "basis": None, "level": "市", "to": JUNE - timedelta(days=1)}
        rows.append({"matter": "0102", "unit": "water", "rank": 1, "basis": "x"})

    title = dict(zip(KEYS, ZH, strict=True))
    assert [(error.row, error.column) for error in errors(edited(edit))] == [
        (3, title["level"]),
        (3, title["assisting"]),
        (3, title["basis"]),
        (3, title["to"]),
        (4, title["unit"]),
    ]


def test_a_line_that_stays_keeps_its_first_day(two_lines: City) -> None:
    (error,) = errors(edited(lambda rows: rows[0].update({"from": date(2026, 1, 1)})))
    assert (error.row, error.column) == (2, str(catalogue_export.TITLES["from"]))
    assert str(SPRING) in error.text


def test_the_same_place_twice_is_refused(two_lines: City) -> None:
    (error,) = errors(edited(lambda rows: rows.append(rows[0])))
    assert error.row == 4
    assert "2" in error.text


def test_two_in_charge_is_warned_of(two_lines: City) -> None:
    diff = compare(edited(lambda rows: rows.append({"matter": "0101", "unit": "water", "rank": 1, "basis": "x"})))
    assert len(diff.warnings) == 1


def test_lines_that_begin_later_ask_for_a_later_day(two_lines: City) -> None:
    duty(two_lines.field, two_lines.water, from_date=JUNE + timedelta(days=9))
    (error,) = errors(catalogue_export.workbook(JUNE))
    assert (error.row, "2026-06-10" in error.text) == (0, True)


def test_the_digest_is_of_what_would_change(two_lines: City) -> None:
    first = compare(edited(lambda rows: rows.pop()))
    assert compare(edited(lambda rows: rows.pop())).digest == first.digest
    assert replace(first, on=JUNE + timedelta(days=1)).digest != first.digest
    assert compare(edited(lambda rows: rows.pop(0))).digest != first.digest


def test_what_looks_like_a_formula_is_written_as_text(city: City) -> None:
    for basis in ('=HYPERLINK("http://evil")', "+1", "-1", "@x"):
        Duty.objects.all().delete()
        duty(city.stalls, city.urban, basis=basis)
        data = catalogue_export.workbook(JUNE)
        cell = load_workbook(io.BytesIO(data)).worksheets[0].cell(2, KEYS.index("basis") + 1)
        assert (cell.value, cell.data_type, cell.quotePrefix) == (basis, "s", True)
        assert compare(data).changes == ()


def test_a_formula_is_refused(two_lines: City) -> None:
    found = errors(edited(lambda rows: rows[1].update(rank="=1+1")))
    assert [(error.row, error.column) for error in found] == [(3, str(catalogue_export.TITLES["rank"]))]


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (catalogue_sheet.MAX_UNPACKED + 1))
    return kept.getvalue()


def entities() -> bytes:
    """A workbook whose sheet multiplies an entity a million times."""
    book = io.BytesIO(saved(Workbook()))
    kept = io.BytesIO()
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    xml = f'<!DOCTYPE x [<!ENTITY e0 "{"0123456789" * 20}">{levels}]><worksheet>&e8;</worksheet>'
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(kept, "w") as archive:
        for name in old.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else old.read(name))
    return kept.getvalue()


def long_sheet() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(ZH)
    for _ in range(catalogue_sheet.MAX_ROWS + 1):
        sheet.append(["0101"])
    return saved(book)


@pytest.mark.parametrize(
    "data",
    [
        lambda: b"",
        lambda: b"matter,unit\n0101,urban\n",
        lambda: b"0" * (catalogue_sheet.MAX_BYTES + 1),
        lambda: saved(Workbook())[:-200],
        bomb,
        entities,
        long_sheet,
    ],
    ids=["empty", "csv", "large", "cut", "bomb", "entities", "long"],
)
def test_files_that_cannot_be_taken_are_refused(data: Callable[[], bytes]) -> None:
    (error,) = errors(data())
    assert (error.row, error.column) == (0, "")


def test_missing_columns_are_named() -> None:
    book = Workbook()
    book.worksheets[0].append([title for title in ZH if title not in {ZH[0], ZH[8]}])
    assert [(error.row, error.column) for error in errors(saved(book))] == [(1, ZH[0]), (1, ZH[8])]
