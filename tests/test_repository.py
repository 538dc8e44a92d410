"""The repository's own promises: locks without addresses, containers that start what exists, local hooks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from channels_ingest.citizen_web.privacy import most_bytes
from hotline.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "agent_console" / "frontend"
SERVICE_KEYS = {
    "build", "command", "depends_on", "environment", "healthcheck", "image", "logging", "ports", "profiles",
    "restart", "shm_size", "volumes",
}  # fmt: skip


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines()]


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_file_pins_hashes_and_names_no_registry(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"https?://\S+|(?:^|\s)--(?:extra-)?(?:index|find)\S*", text) == []
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert all(re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==", block) for block in blocks)


def test_the_screens_lock_names_no_registry() -> None:
    lock = json.loads((SCREENS / "package-lock.json").read_text())
    addresses = [name for name, package in lock["packages"].items() if "resolved" in package]
    assert addresses == []
    assert "omit-lockfile-registry-resolved=true" in (SCREENS / ".npmrc").read_text().splitlines()


def test_no_lock_of_another_tool_is_kept() -> None:
    assert tracked("uv.lock", "pylock*.toml", "poetry.lock", "Pipfile.lock") == []


def test_the_locks_hold_every_declared_package() -> None:
    declared = re.findall(r'^    "([A-Za-z0-9-]+)[\[=<>]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    locked = (ROOT / "requirements" / "dev.txt").read_text() + (ROOT / "requirements" / "base.txt").read_text()
    names = set(re.findall(r"^([a-z0-9.-]+)(?:\[.*?\])?==", locked, re.MULTILINE))
    assert len(declared) > 40
    assert {name.lower() for name in declared} - names - {"hotline-12345"} == set()


def test_hooks_are_local() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repo["repo"] for repo in hooks["repos"]} == {"local"}


def test_ci_runs_make_test() -> None:
    run = ROOT / ".ci" / "run"
    assert run.stat().st_mode & 0o111
    assert run.read_text().splitlines()[-1] == "make test"


def test_compose_has_the_services_of_the_plan() -> None:
    services = compose()["services"]
    assert set(services) == {
        "postgres", "redis", "migrate", "web-1", "web-2", "worker", "speech", "telephony", "sms", "nginx",
    }  # fmt: skip
    assert services["web-1"] == services["web-2"]
    assert [name for name, service in services.items() if "profiles" in service] == ["sms"], "started when asked for"


def test_compose_services_are_well_formed() -> None:
    document = compose()
    assert {key for key in document if not key.startswith("x-")} == {"name", "services", "volumes"}
    for name, service in document["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert "image" in service, name
        assert set(service.get("depends_on", ())) <= set(document["services"]), name
        for volume in service.get("volumes", ()):
            source, target, *_ = volume.split(":")
            assert target.startswith("/"), name
            assert source in document["volumes"] or (ROOT / source).is_file(), name
        if isinstance(needs := service.get("depends_on", {}), dict):
            for needed, condition in needs.items():
                if condition["condition"] == "service_healthy":
                    assert "healthcheck" in document["services"][needed], name


def test_compose_and_image_start_commands_that_exist() -> None:
    ours = [service for service in compose()["services"].values() if service["image"] == "hotline-12345"]
    commands = [service["command"] for service in ours]
    commands.remove(["django-admin", "migrate", "--no-input"])
    image = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert image is not None
    for program, name, *arguments in [*commands, json.loads(image[1])]:
        assert program == "hotline"
        help_text = subprocess.run(
            [sys.executable, "-m", "hotline.cli", name, "--help"], capture_output=True, text=True, check=True
        ).stdout
        assert name in COMMANDS
        for option in (argument for argument in arguments if argument.startswith("--")):
            assert option in help_text


def test_compose_passes_every_secret_and_address_on() -> None:
    environment = compose()["services"]["worker"]["environment"]
    settings = (ROOT / "hotline" / "settings.py").read_text()
    for name in environment:
        assert f'"{name}"' in settings
    for secret in ("HOTLINE_SECRET_KEY", "HOTLINE_PERSONAL_DATA_KEY"):
        assert environment[secret].startswith(f"${{{secret}:?"), "compose must refuse to start without it"


def test_nginx_spreads_over_the_web_services() -> None:
    configuration = (ROOT / "deploy" / "nginx.conf").read_text()
    upstreams = set(re.findall(r"^\s*server ([a-z0-9-]+):8000", configuration, re.MULTILINE))
    assert upstreams == {name for name in compose()["services"] if name.startswith("web-")}
    assert "location = /metrics { return 404; }" in configuration
    phone = compose()["services"]["telephony"]["environment"]
    assert f"location {phone['HOTLINE_PHONE_SOCKET_URL']} {{" in configuration
    assert "proxy_pass http://telephony:8090;" in configuration
    assert phone["HOTLINE_PHONE_SOCKET_HOST"] == "0.0.0.0", "nginx is another container"
    room = re.search(r"client_max_body_size (\d+)m;", configuration)
    assert room is not None
    assert int(room[1]) * 2**20 >= most_bytes(), "the product itself says what is too large"


DOCUMENTS = tracked("*.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS])
def test_documents_name_commands_and_files_that_exist(path: Path) -> None:
    text = path.read_text()
    commands = set(re.findall(r"(?:`|^\$ |^)hotline ([a-z-]+)\b", text, re.MULTILINE))
    assert commands <= set(COMMANDS)
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z]+)", text)) <= set(targets)
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []
