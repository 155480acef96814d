"""The OpenAPI document of the server as tables: what can be asked, and what the answers look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coxa.web.openapi import document
from coxa_docs.markdown import commented, page, plain, section, table, toctree

Json = Mapping[str, Any]


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of each."""
    told = document()
    yield "http/index.md", page(_operations(told))
    yield "http/schemas.md", page(_schemas(told))


def _operations(told: Json) -> Iterator[str]:
    yield from ("# HTTP", "")
    yield "Every address of the server, as its OpenAPI document has it (`/api/openapi.json`)."
    yield "How it is meant: [API](../../api.md)."
    yield ""
    rows = (
        (f"[`{method.upper()} {path}`](#{_anchor(one)})", _words(one))
        for path, methods in told["paths"].items()
        for method, one in methods.items()
    )
    yield from table(("address", "what"), rows)
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            yield f"({_anchor(one)})="
            yield from section(f"`{method.upper()} {path}`", _operation(one))
    yield from toctree(("schemas",))


def _anchor(one: Json) -> str:
    return str(one["operationId"]).replace("_", "-")


def _words(one: Json) -> str:
    return commented((one.get("description") or one.get("summary", "")).partition("\n\n")[0])


def _operation(one: Json) -> Iterator[str]:
    for words in (one.get("description") or one.get("summary", "")).split("\n\n"):
        yield from (commented(words), "")
    rows = (
        (
            f"`{given['name']}`",
            given["in"],
            _kind(given["schema"]),
            "yes" if given.get("required") else "no",
            plain(given.get("description", "")),
        )
        for given in one.get("parameters", ())
    )
    yield from table(("parameter", "in", "kind", "required", "what"), rows)
    for media, content in one.get("requestBody", {}).get("content", {}).items():
        yield from (f"Body, `{media}`: {_kind(content.get('schema', {}))}", "")
    rows = (
        (code, plain(answer.get("description", "")), _content(answer))
        for code, answer in one["responses"].items()
    )
    yield from table(("answer", "what", "holds"), rows)


def _content(answer: Json) -> str:
    kinds = (
        f"{_kind(one.get('schema', {}))} (`{media}`)" for media, one in answer.get("content", {}).items()
    )
    return "; ".join(kinds)


def _schemas(told: Json) -> Iterator[str]:
    yield from ("# Schemas", "", "What requests and answers are made of.", "")
    for name, schema in sorted(told["components"]["schemas"].items()):
        yield f"(schema-{name.lower()})="
        yield from section(f"`{name}`", _schema(schema))


def _schema(schema: Json) -> Iterator[str]:
    yield from (commented(schema.get("description", "").partition("\n\n")[0]), "")
    if "enum" in schema:
        yield from (f"One of: {', '.join(f'`{one}`' for one in schema['enum'])}", "")
    required = schema.get("required", ())
    rows = (
        (f"`{name}`", _kind(one), "yes" if name in required else "no", commented(one.get("description", "")))
        for name, one in schema.get("properties", {}).items()
    )
    yield from table(("field", "kind", "required", "what"), rows)


def _kind(schema: Json) -> str:
    """A type in words; one that has a name leads to it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#schema-{name.lower()})"
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(_kind(one) for one in schema[key]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema.get("enum", [schema.get("const")]))
    kind = {"null": "nothing", "object": "object"}.get(schema.get("type", ""), schema.get("type", "anything"))
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
