"""Spoils true samples, seeded: bytes that flip, end early or change their encoding; fields that are something else."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

HOSTILE = (
    "",
    " ",
    "\0",
    "\ud800",
    "\udc00\ud800",
    "\u202e\u2066倒着\u2069",
    "\u200b\ufeff\u00ad",
    "e" + "\u0301" * 300,
    "👨‍👩‍👧‍👦" * 40,
    "ﷺ" * 60,
    "A" * 70_000,
    "长" * 6_000,
    "9" * 5_000,
    "-0",
    "1e999",
    "NaN",
    "0x10",
    "٣٤٥",
    "'; drop table tickets; --",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}%s%n{0}",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "]]></Content><Content><![CDATA[",
    "&lt;&#0;&#xD800;",
    "2026-02-30 25:61:61",
    "9999-12-31T23:59:59-14:00",
    "=1+1",
    "\x1b[2J\x07",
    "İıſK",
)
VALUES: tuple[Any, ...] = (
    *HOSTILE,
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    -(2**63),
    10**30,
    10**400,
    float("inf"),
    float("nan"),
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"a": {"b": [1, {"c": "\0"}]}},
    ["x"] * 2_000,
)
ENCODINGS = ("gb18030", "utf-16", "utf-16-be", "utf-8-sig", "utf-32", "latin-1", "utf-7", "big5")
Chance = random.Random


# --- bytes ----------------------------------------------------------------------------------------------


def _flip(chance: Chance, data: bytearray) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _cut(chance: Chance, data: bytearray) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def _overwrite(chance: Chance, data: bytearray) -> bytes:
    at = chance.randrange(len(data))
    data[at : at + chance.choice((1, 2, 4, 8))] = chance.choice(
        (b"\x00" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"\xed\xa0\x80", chance.randbytes(4))
    )
    return bytes(data)


def _insert(chance: Chance, data: bytearray) -> bytes:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.choice(HOSTILE).encode("utf-8", "surrogatepass")
    return bytes(data)


def _repeat(chance: Chance, data: bytearray) -> bytes:
    first, last = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    data[last:last] = bytes(data[first:last]) * chance.choice((1, 2, 30))
    return bytes(data)


def _remove(chance: Chance, data: bytearray) -> bytes:
    first, last = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    del data[first:last]
    return bytes(data)


def _recode(chance: Chance, data: bytearray) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def _noise(chance: Chance, data: bytearray) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 7, 64, 700)))


BYTES: tuple[Callable[[Chance, bytearray], bytes], ...] = (
    _flip,
    _flip,
    _cut,
    _overwrite,
    _insert,
    _repeat,
    _remove,
    _recode,
    _noise,
)


def spoiled(chance: Chance, data: bytes) -> bytes:
    """Bytes that began as a true sample."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        if data:
            data = chance.choice(BYTES)(chance, bytearray(data))
    return data[:200_000]


# --- JSON -----------------------------------------------------------------------------------------------


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in rows for place in ((value, key), *_places(inner))]


def spoiled_json(chance: Chance, body: bytes) -> bytes:
    """A JSON document whose values are of other kinds, missing, repeated, nested, or beyond every number."""
    if chance.random() < 0.3:
        return spoiled(chance, body)
    tree = copy.deepcopy(json.loads(body))
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = _places(tree)
        if not places:
            break
        container, key = chance.choice(places)
        if chance.random() < 0.15:
            del container[key]
        else:
            container[key] = copy.deepcopy(chance.choice(VALUES))
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.7)
    return _as_written(chance, text).encode("utf-8", "surrogatepass")


def _as_written(chance: Chance, text: str) -> str:
    """What no serialiser writes: keys twice, depth without end, numbers without end, something after the end."""
    kind = chance.randrange(12)
    if kind == 0:
        return text.replace("{", '{"text": 1, "text": null, ', 1)
    if kind == 1:
        return text.replace(": ", f": {'[' * chance.choice((50, 5_000, 50_000))}", 1)
    if kind == 2:
        return text.replace(": ", f': {"9" * 5_000}, "x": ', 1)
    if kind == 3:
        return text + chance.choice(("{}", ",", "\0", " x", "\ufeff"))
    return f"[{text}]" if kind == 4 else text


# --- XML and forms --------------------------------------------------------------------------------------


def spoiled_xml(chance: Chance, body: bytes) -> bytes:
    """WeChat's XML with other texts, elements twice or gone, entities, and bytes that are none."""
    if chance.random() < 0.4:
        return spoiled(chance, body)
    pieces = body.decode().split("><")
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(pieces))
        pieces[at : at + 1] = chance.choice((_told_otherwise, _twice, _gone, _entity))(chance, pieces[at])
    return "><".join(pieces).encode("utf-8", "surrogatepass")


def _told_otherwise(chance: Chance, piece: str) -> list[str]:
    name, _, rest = piece.partition(">")
    closing = rest.rpartition("</")[2]
    word = str(chance.choice(VALUES))
    return [f"{name}><![CDATA[{word}]]></{closing}" if chance.random() < 0.5 else f"{name}>{word}</{closing}"]


def _twice(chance: Chance, piece: str) -> list[str]:
    return [piece] * 2


def _gone(chance: Chance, piece: str) -> list[str]:
    return []


def _entity(chance: Chance, piece: str) -> list[str]:
    return [piece, chance.choice(("a>&e;</a", "!DOCTYPE a", "a xmlns:x='y'/", "![CDATA[x]]", "?xml version='1.1'?"))]


def spoiled_form(chance: Chance, fields: dict[str, str]) -> dict[str, Any]:
    """A form with other values, several where one is expected, or fields that are gone."""
    form: dict[str, Any] = dict(fields)
    for _ in range(chance.choice((1, 1, 2, 3))):
        name = chance.choice(list(form) or ["text"])
        kind = chance.randrange(10)
        if kind == 0:
            form.pop(name, None)
        elif kind == 1:
            form[name] = [str(chance.choice(HOSTILE)), str(chance.choice(HOSTILE))]
        else:
            form[name] = str(chance.choice(VALUES))
    return {name: _sendable(value) for name, value in form.items()}


def _sendable(value: Any) -> Any:
    """As bytes of a browser: half a surrogate pair cannot be typed, only escaped."""
    if isinstance(value, list):
        return [_sendable(item) for item in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
