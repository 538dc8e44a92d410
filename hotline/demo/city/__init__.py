"""Yunshui (云水市), an invented Lingnan city: its places, units, duties, staff and sixty days of requests."""

from datetime import datetime


def load(*, now: datetime | None = None, password: str | None = None) -> None:
    """Fill an empty database with the city; running it again changes nothing.

    `now` is the moment the sixty days lead up to (default: the present). `password` is that of
    every demonstration account (default: HOTLINE_DEMO_PASSWORD, or `hotline-demo`).
    """
    # Imported here so that the texts of the city can be read without Django, as `hotline simulate` does.
    from hotline.demo.city.loading import load_city

    load_city(now=now, password=password)
