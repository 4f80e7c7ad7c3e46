"""The directory over HTTP."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from bot.bootstrap import House
from bot.gateway.openapi import description


def _check(path: str, body: Any) -> None:
    document = description()
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(body, schema, resolver=jsonschema.RefResolver("", document))


async def _ask(client: Any, **parameters: str) -> Any:
    response = await client.get("/api/v1/contacts", params=parameters)
    assert response.status == 200
    body = await response.json()
    _check("/api/v1/contacts", body)
    return body


async def test_all_contacts_that_may_be_shown_are_listed(client: Any, house: House) -> None:
    body = await _ask(client)
    assert {contact["id"] for contact in body["contacts"]} == set(house.library.directory.contacts)


@pytest.mark.parametrize(
    ("parameters", "first"),
    [
        ({"q": "krisesenter oslo"}, "oslo_krisesenter"),
        ({"q": "krisesenter", "place": "Hamar"}, "hamar_krisesenter"),
        ({"q": "ambassade", "country": "PK"}, "amb_islamabad"),
        ({"q": "ambassade", "country": "Kenya"}, "amb_nairobi"),
        ({"country": "SO", "topic": "utland.er_i_utlandet"}, "udops"),
        ({"q": "noen å snakke med", "age": "15"}, "alarmtelefonen"),
        ({"language": "so"}, "seif"),
        ({"language": "somali", "place": "Bergen"}, "seif_bergen"),
        ({"q": "rettshjelp", "sex": "kvinne"}, "jurk"),
        ({"q": "han slår meg nå", "age": "15"}, "politi_nod"),
        ({"topic": "handel"}, "rosa"),
    ],
)
async def test_the_best_contact_comes_first(client: Any, parameters: dict[str, str], first: str) -> None:
    body = await _ask(client, **parameters)
    assert body["contacts"][0]["id"] == first


async def test_a_topic_gives_its_doors_whoever_is_open(client: Any) -> None:
    body = await _ask(client, topic="lemlestelse.helsehjelp")
    assert "kjonnslemlestelse_helse" in [contact["id"] for contact in body["contacts"][:3]]


async def test_a_topic_gives_the_contacts_that_editors_put_behind_its_answer(client: Any, house: House) -> None:
    for topic in ("tvang.frykt", "utland.penger_hjemreise", "migrant.papirlos_helse"):
        article = house.library.answers.article(topic)
        assert article is not None
        body = await _ask(client, topic=topic)
        assert body["contacts"][0]["id"] in article.contacts


async def test_open_now_puts_who_answers_first(client: Any) -> None:
    body = await _ask(client, topic="tvang", open_now="true")
    assert body["contacts"][0]["open_now"] is True


async def test_a_place_or_country_that_is_not_known_is_asked_about(client: Any) -> None:
    place = await _ask(client, q="krisesenter", place="Langtvekkistan")
    assert place["question"] == "Hvilken kommune gjelder det?"
    assert place["contacts"][0]["id"] == "vo_linjen"
    country = await _ask(client, q="ambassade", country="Wakanda")
    assert country["question"] == "Hvilket land gjelder det?"
    assert country["contacts"][0]["id"] == "udops"


@pytest.mark.parametrize(
    "parameters",
    [
        {"age": "femten"},
        {"age": "-1"},
        {"age": "121"},
        {"open_now": "kanskje"},
        {"sex": "x"},
        {"channel": "fax"},
        {"topic": "finnes.ikke"},
        {"anonymous": "2"},
    ],
)
async def test_what_cannot_be_read_is_refused_in_the_one_shape(client: Any, parameters: dict[str, str]) -> None:
    response = await client.get("/api/v1/contacts", params=parameters)
    assert response.status == 400
    assert (await response.json())["error"]["code"] == "invalid_request"


@pytest.mark.parametrize(
    "query", ["a" * 3_000, "\x00", "😀", "' OR 1=1 --", "<script>"], ids=["long", "null", "emoji", "sql", "html"]
)
async def test_odd_queries_are_answered(client: Any, query: str) -> None:
    await _ask(client, q=query)


async def test_one_contact_with_its_channels_hours_and_sources(client: Any, house: House) -> None:
    for identifier in house.library.directory.contacts:
        response = await client.get(f"/api/v1/contacts/{identifier}")
        assert response.status == 200
        body = await response.json()
        _check("/api/v1/contacts/{id}", body)
        assert body["references"]
    body = await (await client.get("/api/v1/contacts/alarmtelefonen")).json()
    assert body["channels"][0] == {"kind": "phone", "address": "116 111", "hours": "always"}
    assert body["from_abroad"] == "+47 954 11 755"


@pytest.mark.parametrize("identifier", ["finnes_ikke", "salam", "amb_kabul", "fodt_fri"])
async def test_what_is_not_shown_is_not_there(client: Any, identifier: str) -> None:
    assert (await client.get(f"/api/v1/contacts/{identifier}")).status == 404


async def test_contacts_have_a_history_from_the_start(house: House) -> None:
    (first, *_) = await house.contacts.history("rosa")
    assert (first.what, first.source) == ("new", "knowledge/contacts/contacts.yml")
