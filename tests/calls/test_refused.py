"""Changes of calls that the database never took are seen: by the doctor and by Prometheus."""

from pathlib import Path
from typing import Any

import pytest

from hotline.commands import doctor
from hotline.figures import Figures


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [0, 2])
def test_refused_changes_are_counted(settings: Any, tmp_path: Path, lines: int) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "calls").mkdir()
    if lines:
        (tmp_path / "calls" / "journal.refused").write_text("[0,{}]\n" * lines)
    (metric,) = [metric for metric in Figures().collect() if metric.name == "hotline_calls_refused"]
    assert [sample.value for sample in metric.samples] == [lines]
    found = list(doctor._calls())
    assert [(one.name, one.state, one.detail) for one in found] == (
        [("calls", "broken", "2 changes of calls could not be written down")] if lines else []
    )
