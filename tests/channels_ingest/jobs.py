"""Runs the background jobs that a test has queued, in order, without a worker."""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def queued(name: str = "") -> list[ProcrastinateJob]:
    """Jobs waiting, those of one task when `name` is given (its last part)."""
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return [job for job in jobs if not name or job.task_name.endswith(f".{name}")]


def take(name: str) -> list[dict[str, int]]:
    """The arguments of the waiting jobs of one task; they are waiting no more."""
    jobs = queued(name)
    ProcrastinateJob.objects.filter(pk__in=[job.pk for job in jobs]).update(status="succeeded")
    return [job.args for job in jobs]


def run(name: str) -> int:
    """Run the waiting jobs of one task as a worker would; returns how many there were."""
    arguments = take(name)
    task = next(task for task_name, task in app.tasks.items() if task_name.endswith(f".{name}"))
    for kept in arguments:
        task.func(**kept)
    return len(arguments)
