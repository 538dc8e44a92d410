"""The standing things of the city, put into the database once: areas, units, duties, staff, accounts."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from channels_ingest.models import ChannelAccount
from dispatch.models import Duty
from hotline.calls.models import OutsideNumber
from hotline.demo.city import files
from hotline.knowledge import publishing
from hotline.knowledge.models import Article
from hotline.people import apikeys
from hotline.people.models import ApiKey, Area, Department, Staff
from hotline.people.roles import Role
from hotline.tickets.models import Matter

AREA_CODE = "0757"
"""Agents may call every number of the city."""
WRITER, CHECKER = "lead1", "quality1"
IN_FORCE_FROM = date(2024, 1, 1)
API_KEY = "demo-api-key"
M = TypeVar("M", bound=Model)
R = TypeVar("R", files.Place, files.Unit, files.Matter)


def load_catalogue(password: str) -> None:
    """Add what is missing; what an administrator has changed since stays as it is."""
    areas = _grow(Area, files.places(), _area)
    units = _grow(Department, files.units(), lambda unit: _department(unit, areas))
    matters = _grow(Matter, files.matters(), _matter)
    if not Duty.objects.exists():
        _load_duties(matters, areas, units)
    _load_staff(units, password)
    _load_accounts()
    _load_articles(matters, units)
    OutsideNumber.objects.get_or_create(number=AREA_CODE, defaults={"name": "本市", "all_beginning": True})


def _grow(model: type[M], rows: Mapping[str, R], build: Callable[[R], M]) -> dict[str, int]:
    """Add the missing rows of a tree, parents first; return the key of every code."""
    manager = model._default_manager
    keys: dict[str, int] = dict(manager.values_list("code", "pk"))
    waiting = [row for row in rows.values() if row.code not in keys]
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent in keys]
        fresh = [build(row) for row in ready]
        for row, instance in zip(ready, fresh, strict=True):
            setattr(instance, "parent_id", keys.get(row.parent))  # noqa: B010  the three trees share no base
        manager.bulk_create(fresh)
        keys |= {row.code: instance.pk for row, instance in zip(ready, fresh, strict=True)}
        waiting = [row for row in waiting if row.code not in keys]
    return keys


def _area(place: files.Place) -> Area:
    return Area(
        code=place.code,
        name=place.name,
        level=place.level,
        aliases=list(place.aliases),
        lat=place.lat,
        lng=place.lng,
    )


def _department(unit: files.Unit, areas: Mapping[str, int]) -> Department:
    return Department(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        level=unit.level,
        kind=unit.kind,
        area_id=areas[unit.area],
    )


def _matter(matter: files.Matter) -> Matter:
    return Matter(
        code=matter.code,
        name=matter.name,
        type_hint=matter.type_hint,
        description=matter.description,
    )


def _load_duties(matters: Mapping[str, int], areas: Mapping[str, int], units: Mapping[str, int]) -> None:
    lines = files.duties()
    rows = Duty.objects.bulk_create(
        Duty(
            matter_id=matters[line.matter],
            area_id=areas[line.area] if line.area else None,
            department_id=units[line.unit],
            rank=line.rank,
            basis=line.basis,
            from_date=IN_FORCE_FROM,
        )
        for line in lines
    )
    through = Duty.assisting.through
    through._default_manager.bulk_create(
        through(duty_id=row.pk, department_id=units[code])
        for row, line in zip(rows, lines, strict=True)
        for code in line.assisting
    )


def _load_staff(units: Mapping[str, int], password: str) -> None:
    known = set(Staff.objects.values_list("username", flat=True))
    missing = [person for person in files.people() if person.username not in known]
    # One hash for all: they share the password, and a hash is made to be slow.
    hashed = make_password(password) if missing else ""
    Staff.objects.bulk_create(_staff(person, units, hashed) for person in missing)


def _staff(person: files.Person, units: Mapping[str, int], hashed: str) -> Staff:
    is_admin = person.role == Role.ADMIN
    return Staff(
        username=person.username,
        password=hashed,
        display_name=person.name,
        role=person.role,
        department_id=units[person.department],
        is_staff=is_admin or person.role == Role.AUDITOR,
        is_superuser=is_admin,
    )


def _load_accounts() -> None:
    for row in files.channel_accounts():
        values: dict[str, Any] = {"address": row.address, "settings": json.dumps(row.settings)}
        ChannelAccount.objects.get_or_create(adapter=row.adapter, name=row.name, defaults=values)
    if not ApiKey.objects.filter(digest=apikeys.digest_of(API_KEY)).exists():
        scopes = [ApiKey.Scope.REQUESTS_WRITE, ApiKey.Scope.TICKETS_READ]
        apikeys.issue(name="演示：自助终端与应用", scopes=[str(scope) for scope in scopes], key=API_KEY)


def _load_articles(matters: Mapping[str, int], units: Mapping[str, int]) -> None:
    """Written by one, checked and published by another, as every article."""
    if Article.objects.exists():
        return
    writer, checker = Staff.objects.get(username=WRITER), Staff.objects.get(username=CHECKER)
    for row in files.articles():
        article = Article.objects.create(
            title=row.title,
            asked_as=row.asked_as,
            body=row.body,
            basis=row.basis,
            audience=row.audience,
            owner_id=units[row.unit],
            valid_from=IN_FORCE_FROM,
            written_by=writer,
        )
        if row.matter:
            article.matters.add(matters[row.matter])
        publishing.hand_in(article, by=writer)
        publishing.publish(article, by=checker)
