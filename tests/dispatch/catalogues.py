"""A small city for tests of the duty catalogue: three levels of area, units in them, two fields of matters."""

from datetime import date

from dispatch.models import Duty
from hotline.people.models import Area, Department
from hotline.tickets.models import Matter

SPRING = date(2026, 3, 1)


class City:
    """云水市 with the districts 东区 and 西区; two streets in the east, one in the west."""

    def __init__(self) -> None:
        self.city = self._area("1", "云水市", "city", None)
        self.east = self._area("11", "东区", "district", self.city)
        self.west = self._area("12", "西区", "district", self.city)
        self.east_street = self._area("111", "文澜街道", "street", self.east)
        self.other_street = self._area("112", "榕荫街道", "street", self.east)
        self.west_street = self._area("121", "西江街道", "street", self.west)
        self.urban = self._unit("urban", "市城管局", "city", self.city)
        self.water = self._unit("water", "市水务局", "city", self.city)
        self.urban_east = self._unit("urban-east", "东区城管局", "district", self.east)
        self.urban_west = self._unit("urban-west", "西区城管局", "district", self.west)
        self.street_office = self._unit("wenlan", "文澜街道办", "street", self.east_street)
        self.other_office = self._unit("rongyin", "榕荫街道办", "street", self.other_street)
        self.field, _made = Matter.objects.get_or_create(code="01", defaults={"name": "市容环境"})
        self.stalls = self._matter("0101", "占道经营", self.field)
        self.rubbish = self._matter("0102", "垃圾清运", self.field)

    def _area(self, code: str, name: str, level: str, parent: Area | None) -> Area:
        return Area.objects.create(code=code, name=name, level=level, parent=parent)

    def _unit(self, code: str, name: str, level: str, area: Area) -> Department:
        return Department.objects.create(code=code, name=name, level=level, area=area)

    def _matter(self, code: str, name: str, parent: Matter) -> Matter:
        return Matter.objects.create(code=code, name=name, parent=parent)


def duty(
    matter: Matter,
    unit: Department,
    area: Area | None = None,
    *,
    assisting: tuple[Department, ...] = (),
    basis: str = "条例第三条",
    from_date: date = SPRING,
    **fields: object,
) -> Duty:
    """One line of the catalogue."""
    row = Duty.objects.create(
        matter=matter,
        department=unit,
        area=area,
        basis=basis,
        from_date=from_date,
        **fields,  # type: ignore[misc]
    )
    row.assisting.set(assisting)
    return row
