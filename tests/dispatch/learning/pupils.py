"""Small pupils for the learning loop: cases without tickets, and a learner that writes one word into a file."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.learning.comparing import Guess
from dispatch.learning.frozen import is_frozen, refuse_frozen
from dispatch.learning.labels import Case
from dispatch.models import Taught
from nlp.errors import ModelRefused

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OPEN = [f"T{number}" for number in range(3_000) if not is_frozen(f"T{number}")]
FROZEN = [f"T{number}" for number in range(3_000) if is_frozen(f"T{number}")]


def case(number: str, days_ago: float, label: str = "help", text: str = "") -> Case:
    """A decided ticket; its text is its own unless one is given."""
    return Case(
        number=number, at=NOW - timedelta(days=days_ago), text=text or sha256(number.encode()).hexdigest(), label=label
    )


def history(taught: int = 220, newest: int = 120, frozen: int = 10) -> list[Case]:
    """So many tickets before the cut, so many after it, and some of the frozen test set on either side."""
    numbers = iter(OPEN)
    return [
        *(case(next(numbers), 100, "help" if row % 2 else "complaint") for row in range(taught)),
        *(case(number, 50) for number in FROZEN[:frozen]),
        *(case(next(numbers), 3) for _ in range(newest)),
        *(case(number, 3) for number in FROZEN[frozen : 2 * frozen]),
    ]


class Pupil:
    """`answers`: what each version says of every case; training gives the version `learned`, or raises `fault`."""

    name = Taught.TYPE

    def __init__(self, cases: list[Case], answers: dict[str, str], learned: str) -> None:
        self._cases, self.answers, self.learned = cases, answers, learned
        self.fault: BaseException | None = None
        self.taught_by: list[Case] = []

    def cases(self, since: datetime, until: datetime) -> list[Case]:
        """Those in the period."""
        return sorted((row for row in self._cases if since <= row.at < until), key=lambda row: row.at)

    def train(self, cases: Sequence[Case], folder: Path) -> str:
        """Half a file first, as a real training would leave."""
        refuse_frozen(cases)
        self.taught_by = list(cases)
        (folder / "model").write_text(self.learned)
        if self.fault:
            raise self.fault
        return self.learned

    def guesses(self, folder: Path, cases: Sequence[Case]) -> list[Guess]:
        """The same for all."""
        try:
            version = (folder / "model").read_text()
        except FileNotFoundError as error:
            raise ModelRefused(f"{folder} holds no model") from error
        return [Guess(self.answers[version], 0.9) for _ in cases]

    def unaided(self, cases: Sequence[Case]) -> list[Guess]:
        """Without a model nothing is said."""
        return [Guess("", 0.0) for _ in cases]
