"""Places come from a table all or none; a second time changes nothing; a ticket is found by them at once."""

from pathlib import Path

import pytest

from dispatch import prints
from dispatch.models import TicketPrint
from hotline.cli import main
from hotline.people.models import Area
from tests.factories import ticket

pytestmark = pytest.mark.django_db
TABLE = """code,name,level,parent,aliases,lat,lng
44,云水市,city,,,,
4401,东汀区,district,44,,,
p1,榕荫花园,poi,4401,榕荫小区|榕荫花苑,22.9,112.4
"""


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_places_are_taken_and_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = ticket("榕荫小区三栋漏水")
    assert main(["import-places", written(tmp_path / "p.csv", TABLE)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "3 new, 0 changed, 0 as they were",
        "1 tickets can be found as repeats now that could not before",
    ]
    area = Area.objects.get(code="p1")
    assert (area.aliases, area.parent.code if area.parent else None, area.lat) == (
        ["榕荫小区", "榕荫花苑"],
        "4401",
        22.9,
    )
    known = TicketPrint.objects.get(ticket=row)
    assert (known.place, known.district, known.number) == ("p1", "4401", "3栋")
    assert main(["import-places", written(tmp_path / "p.csv", TABLE.replace("榕荫花苑", "榕园"))]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "0 new, 1 changed, 2 as they were"
    key = prints.key_of("榕荫小区三栋漏水")
    assert key is not None


def test_one_bad_row_takes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = TABLE + "p2,某路,street9,4401,,,\np3,某校,poi,nowhere,,,\n"
    assert main(["import-places", written(tmp_path / "p.csv", bad)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == ["line 5", "line 6", "nothing was taken"]
    assert Area.objects.count() == 0
