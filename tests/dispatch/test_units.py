"""Which units a matter's probability is shared among: each once, by its best line, in the catalogue's order."""

from dispatch.duties import Charge
from dispatch.units import _distinct
from hotline.people.models import Department


def test_a_unit_of_two_lines_keeps_the_place_of_its_better_one() -> None:
    district, street = Department(pk=1, code="district"), Department(pk=2, code="street")
    lines = [
        Charge(district, 1, "条例第三条", "东区", 2),
        Charge(street, 1, "条例第四条", "", 0),
        Charge(district, 2, "条例第五条", "", 0),
    ]
    assert _distinct(lines) == lines[:2]
