"""Opening hours said as people say them."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.directory.hours import OSLO, Status

NOT_GIVEN = "åpningstid ikke oppgitt"
_DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
# Sooner than this is told in minutes.
_SOON = 60


def said(status: Status, at: datetime, *, zone: tzinfo | None = None, where: str = "", then: bool = False) -> str:
    """One phrase: «åpent nå, til kl. 15», «åpner om 40 minutter», «åpner mandag kl. 9».

    ``zone``: the clock where the person is, when that is another than Norway's; then the hour is told on both.
    ``where``: how that place is called («Pakistan»). ``then``: ``at`` is another moment than now.
    """
    if status.always:
        return "døgnåpent"
    if status.open is None:
        return status.why or NOT_GIVEN
    if status.open:
        word = "åpent da" if then else "åpent nå"
        return f"{word}, til {_clock(status.until, zone, where, ends=True)}" if status.until else word
    opens = _opens(status.opens, at, zone, where, then=then) if status.opens else "stengt"
    if then:
        opens = f"stengt da, {opens}" if status.opens else "stengt da"
    return f"{opens}, {status.why}" if status.why else opens


def _opens(opens: datetime, at: datetime, zone: tzinfo | None, where: str, *, then: bool) -> str:
    minutes = -int((at - opens).total_seconds() // 60)
    if minutes <= _SOON and not then:
        return f"åpner om {minutes} {'minutt' if minutes == 1 else 'minutter'}"
    there, here = opens.astimezone(OSLO), at.astimezone(OSLO)
    days = (there.date() - here.date()).days
    if days == 0:
        day = ""
    elif days == 1 and not then:
        # Only from today: of another day «i morgen» would be the wrong one.
        day = "i morgen "
    elif days < 7:
        day = f"{_DAYS[there.weekday()]} "
    else:
        day = f"{_DAYS[there.weekday()]} {there.day}. {_MONTHS[there.month - 1]} "
    return f"åpner {day}{_clock(opens, zone, where)}"


def _clock(moment: datetime, zone: tzinfo | None, where: str, *, ends: bool = False) -> str:
    here = moment.astimezone(OSLO)
    ours = f"kl. {_hour(here, ends=ends)}"
    if zone is None:
        return ours
    theirs = moment.astimezone(zone)
    if theirs.utcoffset() == moment.astimezone(OSLO).utcoffset():
        return ours
    return f"{ours} norsk tid, kl. {_hour(theirs, ends=ends)} {f'i {where}' if where else 'der du er'}"


def _hour(moment: datetime, *, ends: bool = False) -> str:
    # What ends at midnight ends at the end of that day.
    if ends and not moment.hour and not moment.minute:
        return "24"
    return f"{moment.hour}.{moment.minute:02}" if moment.minute else str(moment.hour)


def day_and_hour(moment: datetime) -> str:
    """«torsdag 26. november kl. 3»."""
    return f"{_DAYS[moment.weekday()]} {moment.day}. {_MONTHS[moment.month - 1]} kl. {_hour(moment)}"
