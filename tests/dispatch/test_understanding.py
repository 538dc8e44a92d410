"""The models and places of a process follow what is in use now."""

from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import LazySettings
from django.db import OperationalError

from dispatch import understanding
from dispatch.understanding import Kept
from hotline.people.models import Area
from nlp.classify import Classifier
from nlp.places import Gazetteer
from nlp.understand import Understander


def test_what_failed_for_another_reason_than_its_files_is_tried_again(tmp_path: Path, settings: LazySettings) -> None:
    settings.MODEL_DIR = tmp_path
    (tmp_path / "understanding" / "type").mkdir(parents=True)
    tries: list[Path] = []

    def load(root: Path) -> str:
        tries.append(root)
        if len(tries) == 1:
            raise OperationalError("the database is being started again")
        return "read"

    kept = Kept("a test", ("type",), load)
    with pytest.raises(OperationalError):
        kept.get()
    assert [kept.get(), kept.get(), len(tries)] == ["read", "read", 2]


@pytest.mark.django_db
def test_a_place_is_known_from_the_moment_it_was_added(monkeypatch: pytest.MonkeyPatch) -> None:
    model: Any = cast("Classifier", None)
    reader = Understander(model, model, Gazetteer.from_entries([]))
    monkeypatch.setattr(understanding._reader, "get", lambda: reader)
    Area.objects.create(code="p7", name="榕荫花园", level="poi")
    now = understanding.understander()
    assert now is not None
    found = now.gazetteer.find("榕荫花园门口积水")
    assert found is not None
    assert found.area == "p7"
