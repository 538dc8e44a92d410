"""The city and its vendors, set up for each story."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from procrastinate.contrib.django.models import ProcrastinateJob

from channels_ingest.models import ChannelAccount
from dispatch import routing
from hotline.demo.city.catalogue import load_catalogue
from nlp.understand import Understander
from tests.channels_ingest import samples
from tests.fakes.wechat_api import WeChatServer
from tests.stories.world import World

TEMPLATES = {"SMS_NOTICE": {"text"}}


@pytest.fixture
def world(
    time_limits: None,
    starting_models: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    tmp_path: Path,
) -> World:
    """The demonstration city's catalogue, without its tickets, and the real starting models."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    ProcrastinateJob.objects.all().delete()  # the queue's tables are not Django's, so they are not emptied
    load_catalogue("hotline-demo")
    reader = Understander.load(starting_models, routing.city_gazetteer())
    monkeypatch.setattr(routing, "understander", lambda: reader)
    return World()


@pytest.fixture
def wechat(world: World, settings) -> Iterator[WeChatServer]:
    """WeChat's server, to which the demonstration account points."""
    options = samples.account("wechat").options
    with WeChatServer(options["appid"], options["secret"]) as server:
        settings.WECHAT_API_BASE = server.url
        server.templates = {template["id"]: set(template["fields"]) for template in options["templates"].values()}
        account = ChannelAccount.objects.get(adapter="wechat", name="demo")
        account.settings = json.dumps(options)
        account.save()
        yield server
