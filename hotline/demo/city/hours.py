"""When things happen in a city: the hours at which people ask, and the hours at which offices work."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
HOUR_WEIGHT = (3, 2, 1, 1, 1, 2, 5, 11, 22, 34, 36, 30, 18, 20, 28, 31, 28, 24, 18, 19, 20, 17, 11, 6)
WEEKDAY_WEIGHT = (21, 19, 18, 17, 17, 12, 11)
OPENS, SHUTS = time(8, 45), time(17, 30)

WorkingDay = Callable[[date], bool]
"""Whether offices are open on a day."""


def weekday(day: date) -> bool:
    """Monday to Friday, knowing no holidays."""
    return day.weekday() < 5


def moments_of_asking(rng: random.Random, now: datetime, days: int, count: int) -> list[datetime]:
    """So many moments of the last days, early ones first: office hours are busy, nights and Sundays quiet."""
    today = now.astimezone(ZONE).date()
    calendar = [today - timedelta(days=back) for back in range(days + 1)]
    weights = [WEEKDAY_WEIGHT[day.weekday()] for day in calendar]
    found: list[datetime] = []
    while len(found) < count:
        day = rng.choices(calendar, weights)[0]
        hour = rng.choices(range(24), HOUR_WEIGHT)[0]
        moment = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZONE)
        if now - timedelta(days=days) <= moment < now - timedelta(minutes=10):
            found.append(moment)
    return sorted(found)


def office_time(moment: datetime, open_on: WorkingDay, rng: random.Random) -> datetime:
    """The moment itself when offices are open then, or else some time in the next morning they are."""
    local = moment.astimezone(ZONE)
    if open_on(local.date()) and OPENS <= local.time() < SHUTS:
        return local
    day = local.date() + timedelta(days=local.time() >= SHUTS)
    while not open_on(day):
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, ZONE) + timedelta(minutes=rng.uniform(0, 150))
