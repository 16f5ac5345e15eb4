"""The OpenAPI document is valid, says what the code enforces, and merges without confusing two modules."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate

from backend.sdk.http import Api, In, Out, merge_documents


def test_the_document_is_valid_openapi_3_1(api: Api) -> None:
    document = api.openapi()
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "/api/v1/notes"}]


def test_it_says_what_the_code_enforces(api: Api) -> None:
    document = api.openapi()
    create = document["paths"]["/notes"]["post"]
    assert create["security"] == [{"bearer": []}, {"cookie": []}]
    assert {"400", "401", "409", "413", "415", "422", "429", "default"} <= set(create["responses"])
    assert any(p["name"] == "Idempotency-Key" for p in create["parameters"])
    assert document["components"]["schemas"]["NoteIn"]["additionalProperties"] is False
    assert document["paths"]["/notes/limited"]["post"]["security"] == []
    assert create["summary"] == "Create a note."
    assert document["paths"]["/notes"]["get"]["description"] == "Keyset paging over twenty notes."


def test_two_schemas_of_one_name_in_one_api_are_refused() -> None:
    """Otherwise the document shows one of them for both, and a generated client sends the wrong fields."""
    api = Api("clash", "Clash", "1")
    for name, kind in (("one", int), ("two", str)):
        ask = type("Ask", (In,), {"__annotations__": {"value": kind}, "__module__": __name__})

        def take(body: In) -> None:
            """Take something."""

        take.__annotations__ = {"body": ask, "return": None}
        api.group(name, url_prefix=f"/{name}").post("")(take)
    with pytest.raises(TypeError, match="called Ask; rename one"):
        _ = api.wsgi


def test_two_schemas_of_one_name_deep_inside_are_refused() -> None:
    """A list of lines here, a list of other lines there: the client would read one as the other."""
    api = Api("clash", "Clash", "1")
    for name, kind in (("one", int), ("two", str)):
        line = type("Line", (Out,), {"__annotations__": {"value": kind}, "__module__": __name__})
        shown = type(f"Shown{name}", (Out,), {"__annotations__": {"lines": list[line] | None}, "__module__": __name__})  # type: ignore[valid-type]

        def show() -> None:
            """Show something."""

        api.group(name, url_prefix=f"/{name}").get("", returns=shown)(show)
    with pytest.raises(TypeError, match="called Line; rename one"):
        _ = api.wsgi


def test_merged_documents_keep_two_meanings_of_one_name_apart() -> None:
    def make(module_id: str, kind: type) -> Api:
        class Thing(Out):
            __annotations__ = {"value": kind}

        class Ask(In):
            name: str

        api = Api(module_id, module_id.title(), "1")
        group = api.group("things", url_prefix="/things")

        def list_things() -> None:
            """List things."""

        group.get("", returns=Thing)(list_things)
        return api

    merged = merge_documents("Hub", "1", [(api.module_id, api.openapi()) for api in (make("a", int), make("b", str))])
    validate(merged)
    assert set(merged["paths"]) == {"/api/v1/a/things", "/api/v1/b/things"}
    schemas = merged["components"]["schemas"]
    assert schemas["Thing"]["properties"]["value"]["type"] == "integer"
    assert schemas["b.Thing"]["properties"]["value"]["type"] == "string"
    operations = [entry["operationId"] for item in merged["paths"].values() for entry in item.values()]
    assert operations == ["a_things_list_things", "b_things_list_things"]
