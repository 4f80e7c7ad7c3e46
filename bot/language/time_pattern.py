"""The pattern that finds times, made from data/times.yml, and what its words are called there."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.language.lists import content


@lru_cache(maxsize=1)
def pattern() -> re.Pattern[str]:
    """One pattern for all of them; the last group that matched is named after the kind (and a part of it)."""
    read = content("times")
    days, seasons, holidays = ("|".join(read[key].values()) for key in ("days", "seasons", "holidays"))
    weekdays, months = "|".join(read["weekdays"]), "|".join(read["months"])
    units = "|".join(read["units"].values())
    which = "|".join((read["next"], read["last"], read["this"]))
    count = r"(?:et |ett |eit )?par|noen få|noen|nokre|nån|a few|a couple of|\d{1,3}|[a-zæøåé]{1,8}"
    alternatives = (
        rf"(?P<day>{days})(?:\s(?:{read['part']}))?",
        rf"(?P<night>{read['night']})",
        rf"(?:(?P<weekday_prefix>på|til|nå på|fra|før|innen|{which})\s(?:på\s)?)?(?P<weekday>{weekdays})"
        r"(?P<weekday_gone>\ssom\svar)?",
        rf"(?P<span_word>om|for|in|innen)\s(?:bare\s|ca\s|rundt\s)?(?P<span_half>(?:et|eit|ett)\shalvt?\s)?"
        rf"(?:(?P<span_count>{count})\s?)?(?P<span_unit>{units})(?:\s(?P<span_ago>{read['ago']}))?",
        rf"(?P<gone_count>{count})\s?(?P<gone_unit>{units})\s(?:{read['ago']})",
        rf"(?:til\s|i\s)?(?P<period_which>{which}|i|til|før|innen)\s(?P<period_unit>helga|helgen|helgå|helg|weekend|{units})",
        rf"i\s?fjor(?:\s(?P<lastyear_season>{seasons}))?(?P<lastyear>)",
        rf"(?:den\s)?(?P<date_day>\d{{1,2}})(?:\.?\s?(?P<date_month>{months})(?:\s(?P<date_year>20\d\d))?"
        r"|[./](?P<date_figure>\d{1,2})(?:[./](?P<date_short>(?:20)?\d\d)|\.)?)(?P<date>)",
        rf"(?P<month_word>i|til|før|etter|innen|siden|fra|in)\s(?P<month>{months})",
        r"i\s(?P<year>20[0-4]\d)",
        rf"(?P<named_word>i|til|før|etter|innen|siden|sidan|over|this|in|before|after|{which})\s(?:denne\s|den\s)?"
        rf"(?P<named>{holidays}|{seasons})",
    )
    return re.compile(rf"(?<![\w§])(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


def folded(form: str) -> str:
    """Lower case, and the letters of other alphabets that a pattern takes for i and s without regard to case."""
    return form.lower().replace("i\u0307", "i").replace("ı", "i").replace("ſ", "s")


def is_one_of(word: str | None, kind: str) -> bool:
    """``word`` stands in the list ``kind``."""
    return word is not None and folded(word) in content("times")[kind].split("|")


def index_of(kind: str, form: str) -> int:
    """The number of a weekday (Monday is 0) or a month (January is 0)."""
    return next(at for at, forms in enumerate(content("times")[kind]) if folded(form) in forms.split("|"))


def name_of(kind: str, form: str) -> str:
    """The name of a season, a holiday or a unit by one of its forms; empty when it is none."""
    return next((name for name, forms in content("times")[kind].items() if folded(form) in forms.split("|")), "")


@lru_cache(maxsize=1)
def days_from_today() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """«i morgen» and the like, with the days from today."""
    return tuple((days, re.compile(forms, re.IGNORECASE)) for days, forms in content("times")["days"].items())
