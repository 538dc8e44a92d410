"""A served city and a real Chromium for all browser tests of a run; each test makes its own tickets."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from agent_console import screens
from hotline.tickets.models import Ticket
from tests import processes
from tests.browser.street import Street
from tests.browser.visitors import Visitors
from tests.channels_ingest import samples
from tests.fakes.wechat_api import WeChatServer

PASSWORD = "hotline-demo"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The machine's own Chromium; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium fonts-wqy-zenhei")
    return found


@pytest.fixture(scope="session")
def wechat(chromium_path: str) -> Iterator[WeChatServer]:
    """WeChat's server, to which the city's account points."""
    options = samples.account("wechat").options
    with WeChatServer(options["appid"], options["secret"]) as vendor:
        vendor.templates = {template["id"]: set(template["fields"]) for template in options["templates"].values()}
        yield vendor


@pytest.fixture(scope="session")
def city(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    starting_models: Path,
    tmp_path_factory: pytest.TempPathFactory,
    wechat: WeChatServer,
) -> Iterator[str]:
    """A served city with its catalogue and no tickets; yields `127.0.0.1:port`.

    It has a database of its own for the whole run: pytest-django's are emptied or rolled back for each test.
    """
    if screens.built("desk") is None:
        pytest.skip("the screens have not been built: make screens")
    models = tmp_path_factory.mktemp("models")
    (models / "understanding").symlink_to(starting_models)
    place = override_settings(MODEL_DIR=models, MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    outside = {"WECHAT_API_BASE": wechat.url, "HOTLINE_SPEECH": "none"}
    outside["HOTLINE_PHONE_SOCKET_PORT"] = str(processes.free_port())
    with django_db_blocker.unblock(), place, pytest.MonkeyPatch.context() as patch:
        for name, value in outside.items():
            patch.setitem(os.environ, name, value)
        database = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        _load_catalogue()
        with processes.server() as address, processes.hotline("worker", "--queues", "default,speech"):
            yield address
        teardown_databases(database, verbosity=0)


def _load_catalogue() -> None:
    from channels_ingest.models import ChannelAccount
    from hotline.demo.city.catalogue import load_catalogue

    load_catalogue(PASSWORD)
    account = ChannelAccount.objects.get(adapter="wechat", name="demo")
    account.settings = json.dumps(samples.account("wechat").options)
    account.save()


@pytest.fixture(scope="session")
def browser(city: str, chromium_path: str) -> Iterator[Browser]:
    """One browser; it comes up after the database was filled, as its loop and Django's do not mix."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, city: str) -> dict[str, dict[str, object]]:
    """Cookies of the members of staff who have come in, by user name."""
    return {}


@pytest.fixture
def street(city: str, wechat: WeChatServer) -> Iterator[Street]:
    """Citizens and colleagues who act without a browser, over the product's own addresses."""
    with Street(f"http://{city}", PASSWORD, wechat) as acting:
        yield acting


@pytest.fixture
def as_if_automatic(city: str, django_db_blocker: DjangoDbBlocker) -> Callable[[str], None]:
    """Marks a dispatch as one that the assistant made just now; in a thread, as playwright's loop bars Django here."""

    def mark(number: str) -> None:
        until = datetime.now(UTC) + timedelta(minutes=1)
        Ticket.objects.filter(number=number).update(recall_until=until)
        connection.close()

    def act(number: str) -> None:
        with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
            pool.submit(mark, number).result()

    return act


@pytest.fixture
def visitors(browser: Browser, city: str, signed_in: dict[str, dict[str, object]]) -> Iterator[Visitors]:
    """Windows of the browser; whatever any of them complained about fails the test."""
    opened = Visitors(browser, f"http://{city}", PASSWORD, signed_in)
    yield opened
    complaints = opened.complaints()
    opened.close()
    assert complaints == []


@pytest.fixture
def axe() -> str:
    """The source of axe-core, which looks for what keeps people out."""
    path = Path(screens.__file__).parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.skip("axe-core is not installed: npm ci in agent_console/frontend")
    return re.sub(r"^/\*!.*?\*/", "", path.read_text(), flags=re.DOTALL)
