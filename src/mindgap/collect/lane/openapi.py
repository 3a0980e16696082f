"""The description of `/c/v1` for programs: OpenAPI 3.1, made from the types that the lane reads with."""

from functools import cache
from typing import Any

import msgspec

from mindgap import __version__
from mindgap.collect.lane.receipt import Receipt, encode
from mindgap.collect.lane.request import BATCH
from mindgap.keep import incoming

_REF = "#/components/schemas/"
# Status, and what it means; the codes stand in docs/api.md.
_REFUSALS = {
    "400": "The body cannot be read.",
    "401": "No valid key, or no genuine signature.",
    "404": "There is no such path.",
    "405": "Only POST (only GET, where nothing is sent).",
    "413": "The body is too large.",
    "415": "The body is of another kind.",
    "429": "Too many requests; come back after `Retry-After` seconds.",
    "503": "Not stored now; send the same id again after `Retry-After` seconds.",
}
_INSTANTS = (
    "started_at",
    "due_at",
    "experienced_at",
    "expected_at",
    "observed_until",
    "answered_at",
    "asked_at",
)


@cache
def written() -> bytes:
    """The description as JSON."""
    return encode(_document())


def _document() -> dict[str, Any]:
    kinds = [incoming.Interaction, incoming.Answer, Receipt]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REF + "{name}")
    for name in ("Interaction", "Answer"):
        schemas[name] = _as_sent(schemas[name])
    receipts = {"type": "array", "items": {"$ref": f"{_REF}Receipt"}}
    schemas["Receipts"] = {"type": "object", "required": ["receipts"], "properties": {"receipts": receipts}}
    schemas["Error"] = _error()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mindgap: the public lane", "version": __version__},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "writeKey": {"type": "http", "scheme": "basic", "description": "The key as the name."},
            },
        },
        "security": [{"key": []}, {"writeKey": []}],
        "paths": _paths(),
    }


def _as_sent(schema: dict[str, Any]) -> dict[str, Any]:
    """As clients send it: with an id, without the kind, which the path says, and the key may be left out."""
    fields = {name: field for name, field in schema["properties"].items() if name != "kind"}
    for name in _INSTANTS:
        if name in fields:
            fields[name] = {"type": ["string", "null"], "format": "date-time"}
    needed = [name for name in schema.get("required", ()) if name not in ("key", "kind")]
    identified = {
        "id": {"type": "string", "format": "uuid", "description": "Made by the client; names a sending."}
    }
    return {**schema, "properties": identified | fields, "required": needed}


def _error() -> dict[str, Any]:
    told = {"code": {"type": "string"}, "message": {"type": "string"}}
    inner = {"type": "object", "required": list(told), "properties": told}
    return {"type": "object", "required": ["error"], "properties": {"error": inner}}


def _paths() -> dict[str, Any]:
    call = {"type": "object"}
    batch = {
        "type": "object",
        "required": ["batch"],
        "properties": {"batch": {"type": "array", "items": call, "minItems": 1, "maxItems": BATCH}},
    }
    calls = {
        f"/c/v1/{name}": _post(f"A `{name}` call of Segment's libraries.", {"application/json": call, "text/plain": call})
        for name in ("track", "identify", "page", "screen", "group", "alias")
    }  # fmt: skip
    events = {
        "application/cloudevents+json": call,
        "application/cloudevents-batch+json": {"type": "array", "items": call, "minItems": 1, "maxItems": BATCH},
        "application/json": {},
    }  # fmt: skip
    source = _post("A message of another survey tool.", {"application/json": call})
    source["post"]["security"] = []
    source["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in ("source", "short")
    ]  # fmt: skip
    return {
        "/c/v1/interactions": _post("What happened.", {"application/json": _several("Interaction")}),
        "/c/v1/answers": _post("What customers said.", {"application/json": _several("Answer")}),
        **calls,
        "/c/v1/batch": _post(
            "Calls of Segment's libraries.", {"application/json": batch, "text/plain": batch}
        ),
        "/c/v1/events": _post("CloudEvents 1.0.", events),
        "/c/v1/in/{source}/{short}": source,
        "/c/v1/health": _get("Whether it is up."),
        "/c/v1/openapi.json": _get("This description."),
    }


def _several(name: str) -> dict[str, Any]:
    one = {"$ref": _REF + name}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": BATCH}]}


def _post(words: str, kinds: dict[str, Any]) -> dict[str, Any]:
    refused = {status: _reply(meaning, "Error") for status, meaning in _REFUSALS.items()}
    content = {kind: {"schema": schema} for kind, schema in kinds.items()}
    body = {"required": True, "content": content}
    kept = _reply("Stored durably; a receipt for each entry, in order.", "Receipts")
    return {"post": {"summary": words, "requestBody": body, "responses": {"200": kept, **refused}}}


def _get(words: str) -> dict[str, Any]:
    reply = {"description": words, "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"get": {"summary": words, "security": [], "responses": {"200": reply}}}


def _reply(words: str, name: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": {"$ref": _REF + name}}}}
