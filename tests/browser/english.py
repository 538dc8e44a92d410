"""Chinese on an English page: right where it is data (names, what citizens wrote), wrong where it is a word of ours."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from playwright.sync_api import Page

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
SHOWN = """() => {
  const said = [document.title]
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) if (!/^(SCRIPT|STYLE|TEXTAREA)$/.test(texts.currentNode.parentElement.tagName))
    said.push(texts.currentNode.data)
  for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) said.push(one.getAttribute(name) ?? '')
  return said
}"""
OWN_NAMES = {"云水市", "云水市政务服务便民热线", "中文", "简体中文"}
"""The city's and its hotline's, and the other language's in itself."""
WORDED = (models.CharField, models.TextField, models.JSONField, ArrayField)
NOT_DATA = ("sessions", "procrastinate", "axes")


def data_words() -> str:
    """Every text in the database; in a thread of its own, as playwright's loop bars Django here."""

    def read() -> str:
        try:
            return json.dumps(list(_texts()), ensure_ascii=False, default=str)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(read).result()


def _texts() -> Iterator[Any]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, WORDED)]
        if names and model._meta.app_label not in NOT_DATA and model._meta.managed:
            yield from model._default_manager.values_list(*names)


def untranslated(page: Page, besides: str = "") -> list[str]:
    """Runs of Chinese on the page that stand nowhere in the database, and not in what the network is made to say."""
    runs = {run for said in page.evaluate(SHOWN) for run in CHINESE.findall(said)} - set(OWN_NAMES)
    known = data_words() + besides if runs else ""
    return sorted(run for run in runs if run not in known)
