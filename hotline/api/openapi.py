"""What any address of the interface can answer besides its own, added to the document: problems, each in one shape."""

from typing import Any

from hotline.api.problems import MEDIA_TYPE

Document = dict[str, Any]
REFERENCE = {"$ref": "#/components/schemas/Problem"}
SENTENCES = {"type": "array", "items": {"type": "string"}}
PROBLEM: Document = {
    "type": "object",
    "description": "RFC 9457; `errors`, `allowed` and `ticket` where they help.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"oneOf": [{"type": "string"}, SENTENCES]}},
        "allowed": {"type": "array", "items": {"type": "string"}},
        "ticket": {"type": "object"},
    },
}
ASKED_BY_SOMEBODY = {401: "Nobody is signed in, and no valid key was sent.", 403: "Not yours to see or to do."}
WITH_A_BODY = {400: "The body cannot be read.", 415: "Not a kind of body that is read.", 422: "Fields are wrong."}
ANYHOW = {406: "Not a kind of answer that is given."}
NAMED, FILTERED = {404: "There is none, or not for you."}, {422: "A filter is wrong."}


def tell_problems(result: Document, **_more: Any) -> Document:
    """Hook of drf-spectacular: complete each operation's answers."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for operation in operations.values():
            _complete(operation, path)
    return result


def _complete(operation: Document, path: str) -> None:
    """What a view declared stays; refusals take the problem's form and media type."""
    answers: Document = operation["responses"]
    for status, told in _expected(operation, path).items():
        answers.setdefault(str(status), {"description": told})
    for code, answer in answers.items():
        if code[0] in "45":
            answer["content"] = {MEDIA_TYPE: {"schema": REFERENCE}}


def _expected(operation: Document, path: str) -> dict[int, str]:
    expected = ANYHOW | ASKED_BY_SOMEBODY
    if "requestBody" in operation:
        expected |= WITH_A_BODY
    if "{" in path:
        expected |= NAMED
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        expected |= FILTERED
    return expected
