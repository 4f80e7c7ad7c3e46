"""How the text of a setting becomes a value, each with a sentence that says what to write instead."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from bot.errors import SettingError

HUMAN_CHANNELS = ("console", "webhook", "xmpp", "chatwoot")
_T = TypeVar("_T")


class Secret:
    """A value that never shows itself in a repr, a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret('**********')"


def number(kind: Callable[[str], _T], low: float, high: float, what: str) -> Callable[[str, str], _T]:
    def convert(name: str, value: str) -> _T:
        try:
            number = kind(value)
        except ValueError:
            number = None
        if number is None or not low <= float(number) <= high:  # type: ignore[arg-type]
            raise SettingError(f"{name} må være {what} fra {low:g} til {high:g}, ikke «{value}».")
        return number

    return convert


def boolean(name: str, value: str) -> bool:
    words = {"1": True, "ja": True, "true": True, "0": False, "nei": False, "false": False}
    if value.lower() not in words:
        raise SettingError(f"{name} må være ja eller nei, ikke «{value}».")
    return words[value.lower()]


def web_address(name: str, value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https"):
        raise SettingError(f"{name} må være en nettadresse som begynner med https://, ikke «{value}».")
    return value


def origins(name: str, value: str) -> tuple[str, ...]:
    found = tuple(item.strip().rstrip("/") for item in value.split(",") if item.strip())
    for origin in found:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
            raise SettingError(
                f"{name} må være nettsteder som https://www.eksempel.no, med komma mellom, uten sti, ikke «{origin}»."
            )
    return found


def words(name: str, value: str) -> tuple[str, ...]:
    found = tuple(item.strip() for item in value.split(",") if item.strip())
    for word in found:
        if not re.fullmatch(r"\w{2,20}", word):
            raise SettingError(f"{name} må være ord på 2 til 20 bokstaver, med komma mellom, ikke «{word}».")
    return found


def path(name: str, value: str) -> Path:
    return Path(value).expanduser().resolve()


def secret(name: str, value: str) -> Secret:
    return Secret(value)


def database(name: str, value: str) -> Secret:
    if urlsplit(value).scheme.partition("+")[0] not in ("postgres", "postgresql", "sqlite"):
        raise SettingError(f"{name} må begynne med postgresql:// eller sqlite:///.")
    return Secret(value)


def base_address(name: str, value: str) -> str:
    return web_address(name, value).rstrip("/")


def entries(pattern: str, what: str) -> Callable[[str, str], tuple[str, ...]]:
    """A list with commas between, each entry perhaps with ``team=`` before it."""

    def convert(name: str, value: str) -> tuple[str, ...]:
        found = tuple(item.strip() for item in value.split(",") if item.strip())
        for item in found:
            if not re.fullmatch(rf"(\w+=)?{pattern}", item):
                raise SettingError(f"{name} må være {what}, med komma mellom, ikke «{item}».")
        return found

    return convert


def one(pattern: str, what: str) -> Callable[[str, str], str]:
    def convert(name: str, value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise SettingError(f"{name} må være {what}, ikke «{value}».")
        return value

    return convert


def mail_server(name: str, value: str) -> Secret:
    parts = urlsplit(value)
    if parts.scheme not in ("smtps", "smtp", "smtp+plain") or not parts.hostname:
        raise SettingError(f"{name} må begynne med smtps://, smtp:// eller smtp+plain:// og ha en tjener.")
    return Secret(value)


def channels(name: str, value: str) -> tuple[str, ...]:
    found = tuple(item.strip() for item in value.split(",") if item.strip())
    if not found or not set(found) <= set(HUMAN_CHANNELS):
        raise SettingError(f"{name} må være av {', '.join(HUMAN_CHANNELS)}, med komma mellom, ikke «{value}».")
    return found


def signing(name: str, value: str) -> Secret:
    if any(len(item) < 16 for item in value.split(",")):
        raise SettingError(f"{name} må ha minst 16 tegn.")
    return Secret(value)


def package(name: str, value: str) -> str:
    if not value.isidentifier():
        raise SettingError(f"{name} må være navnet på en pakke, som nb_norne_sm, ikke «{value}».")
    return value


EMAIL = r"[^@\s,<>]+@[^@\s,<>]+"
# What a person wrote goes there: encrypted, or not off this machine.
SAFE_ADDRESS = r"(https://\S+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/\S*)?)"


def one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def convert(name: str, value: str) -> str:
        if value not in choices:
            raise SettingError(f"{name} må være en av {', '.join(choices)}, ikke «{value}».")
        return value

    return convert


def listed(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def networks(name: str, value: str) -> tuple[str, ...]:
    for item in listed(value):
        try:
            ipaddress.ip_network(item)
        except ValueError as error:
            raise SettingError(
                f"{name} må være IP-adresser eller nett som 192.0.2.0/24, med komma mellom, ikke «{item}»."
            ) from error
    return listed(value)


def countries(name: str, value: str) -> tuple[str, ...]:
    for item in listed(value):
        if not re.fullmatch(r"[A-Z]{2}", item):
            raise SettingError(f"{name} må være landkoder som NO,DK, ikke «{item}».")
    return listed(value)


def pairs(name: str, value: str) -> dict[str, str]:
    pairs = [item.partition("=") for item in listed(value)]
    if not all(key.strip() and sign for key, sign, _ in pairs):
        raise SettingError(f"{name} må være navn=verdi, med komma mellom.")
    return {key.strip(): given.strip() for key, _, given in pairs}


def path_secret(name: str, value: str) -> Secret:
    # It stands in an address, and the address is all that keeps strangers out where a provider signs nothing.
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,128}", value):
        raise SettingError(f"{name} må være 16 til 128 bokstaver og tall (a–z, 0–9, - og _).")
    return Secret(value)
