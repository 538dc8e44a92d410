"""The nightly training: a challenger taught by what was decided before the cut, compared on the weeks after it.

Champion and challenger are asked about the same newest tickets, which taught neither. Only when the
challenger is better beyond noise does it take the champion's place. The frozen test set has no say in that:
it gives the figures that are shown over time. Whatever goes wrong, the champion stays in use.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dispatch.learning import versions
from dispatch.learning.comparing import Guess, Verdict, as_json, compare, each_once, figures
from dispatch.learning.frozen import digest_of, for_training, only_frozen, without_frozen
from dispatch.learning.labels import Case
from dispatch.learning.learners import Learner, learners
from dispatch.learning.versions import folder_of
from dispatch.models import ModelVersion, Training
from hotline.tickets import clock
from hotline.tickets.errors import NotAllowed
from nlp import modelstore
from nlp.errors import ModelRefused

log = logging.getLogger(__name__)
HISTORY = timedelta(days=730)
"""How far back people's decisions still teach."""
NEWEST = (timedelta(weeks=2), timedelta(weeks=4), timedelta(weeks=8))
"""The weeks compared on: the shortest in which enough was decided."""
FEWEST_COMPARED, FEWEST_TAUGHT = 100, 200
STEPS = 3
LOCK = 12345_05
"""PostgreSQL's advisory lock of who trains; it goes with the process, however that ends."""
Stage = Training.Stage
Result = dict[str, Any]
Tell = Callable[[Stage], None]


def run(training: Training) -> None:
    """Train and compare every model; one that fails does not keep the others from it.

    Raises NotAllowed while another process trains.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("A training waits or runs already."))
        try:
            _run(training)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def _run(training: Training) -> None:
    taught = learners()
    _begin(training, len(taught) * STEPS)
    failed = []
    for learner in taught:
        try:
            versions.follow(learner.name)
            result = teach(learner, _teller(training, learner))
        except Exception as error:  # whatever it is, it is on record, and the other models are taught
            log.exception("training %s failed; what is in use stays", learner.name)
            result = {"result": "failed", "error": str(error) or type(error).__name__}
            failed.append(f"{learner.name.value}: {result['error']}")
        training.results.append({"model": learner.name.value, **result})
        training.save(update_fields=["results"])
    _end(training, "\n".join(failed))


def teach(learner: Learner, tell: Tell) -> Result:
    """One model: what came of its challenger, as it is kept with the training."""
    tell(Stage.READING)
    now = clock.now()
    cases = learner.cases(now - HISTORY, now)
    cut = _cut(cases, now)
    # what a newer frozen ticket nearly repeats must not be taught either, so they are looked at together
    taught_by = [case for case in for_training(cases) if case.at < cut] if cut else []
    if cut is None or len(taught_by) < FEWEST_TAUGHT:
        return {"result": "too_few", "cases": len(cases)}
    tell(Stage.TRAINING)
    version = modelstore.add(folder_of(learner.name), lambda folder: learner.train(taught_by, folder))
    if version == versions.in_use(learner.name):
        return {"result": "nothing_new", "version": version}
    tell(Stage.COMPARING)
    return _judge(learner, version, taught_by, [case for case in cases if case.at >= cut], only_frozen(cases), cut)


def _cut(cases: Sequence[Case], now: datetime) -> datetime | None:
    for weeks in NEWEST:
        if len(without_frozen(case for case in cases if case.at >= now - weeks)) >= FEWEST_COMPARED:
            return now - weeks
    return None


def _judge(
    learner: Learner,
    version: str,
    taught_by: Sequence[Case],
    newest: Sequence[Case],
    frozen: Sequence[Case],
    cut: datetime,
) -> Result:
    """Compare, keep the version with its figures, and take it into use if it is better and nothing is pinned."""
    folder, name = folder_of(learner.name), learner.name
    compared = each_once(without_frozen(newest))
    asked = [*compared, *frozen]
    challenger = learner.guesses(modelstore.folder_of(folder, version), asked)
    champion = _champion(learner, asked)
    verdict = compare(compared, champion[: len(compared)], challenger[: len(compared)])
    judged = {
        **_figures(compared, frozen, challenger),
        "champion": {"version": versions.in_use(name), **_figures(compared, frozen, champion)},
        "verdict": as_json(verdict),
    }
    with transaction.atomic():
        ModelVersion.objects.update_or_create(
            name=name,
            version=version,
            defaults={
                "trained_at": clock.now(),
                "cut": cut,
                "rows": len(taught_by),
                "labels": dict(Counter(case.label for case in taught_by)),
                "figures": judged,
                "discarded": False,
            },
        )
        outcome = _decide(learner, version, verdict)
    versions.prune(name)
    return {"result": outcome, "version": version, "verdict": judged["verdict"], "rows": len(taught_by)}


def _figures(compared: Sequence[Case], frozen: Sequence[Case], said: Sequence[Guess]) -> Result:
    """Of the newest weeks, and of the frozen test set, whose digest says when it has grown."""
    return {
        "new": figures(compared, said[: len(compared)]),
        "frozen": {**figures(frozen, said[len(compared) :]), "set": digest_of(frozen)},
    }


def _champion(learner: Learner, cases: Sequence[Case]) -> list[Guess]:
    """What the version in use says, or what is said without any."""
    try:
        return modelstore.load(folder_of(learner.name), lambda folder: learner.guesses(folder, cases))
    except ModelRefused as error:
        log.warning("%s is compared with what is said without it: %s", learner.name, error)
        return learner.unaided(cases)


def _decide(learner: Learner, version: str, verdict: Verdict) -> str:
    if not verdict.better:
        return verdict.why
    promoted = versions.promote_unless_pinned(learner.name, version, why=_why(verdict))
    return "promoted" if promoted else "pinned"


def _why(verdict: Verdict) -> str:
    return _(
        "Of %(cases)d new tickets %(won)d are right that were wrong before, %(lost)d wrong that were right "
        "(McNemar, p = %(p).4f)."
    ) % {"cases": verdict.cases, "won": verdict.won, "lost": verdict.lost, "p": verdict.p}


# --- how far it has come -------------------------------------------------------------------------------


def _begin(training: Training, steps: int) -> None:
    interrupted = Training.objects.filter(state=Training.State.RUNNING).exclude(pk=training.pk)
    interrupted.update(state=Training.State.FAILED, error="interrupted", ended_at=clock.now())
    training.state, training.started_at = Training.State.RUNNING, clock.now()
    training.done, training.steps, training.results = 0, steps, []
    training.save()


def _teller(training: Training, learner: Learner) -> Tell:
    order = list(Stage)
    place = [found.name for found in learners()].index(learner.name)

    def tell(stage: Stage) -> None:
        training.model, training.stage = learner.name, stage
        training.done = place * STEPS + order.index(stage)
        training.save(update_fields=["model", "stage", "done"])

    return tell


def _end(training: Training, error: str) -> None:
    training.state = Training.State.FAILED if error else Training.State.DONE
    training.error, training.ended_at, training.done = error, clock.now(), training.steps
    training.save(update_fields=["state", "error", "ended_at", "done"])
