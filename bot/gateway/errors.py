"""One shape for everything that is refused or fails.

``{"error": {"code": "…", "message": "…", "emergency": [{"name", "phone"}]}}``: a code for programs, a sentence in
Norwegian for people, and the emergency numbers, because whoever meets an error may need them more than anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.errors import (
    AlreadyTaken,
    CaseUnknown,
    ConversationUnknown,
    IllegalMove,
    MessageRejected,
    MessageTooLong,
    StorageUnavailable,
)
from bot.gateway.keys import EMERGENCY, METRICS

logger = logging.getLogger("hjemvei.gateway")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """A request that is answered with an error. ``code`` is one of ERRORS."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


ERRORS: dict[str, tuple[int, str]] = {
    "invalid_json": (400, "Meldingen kunne ikke leses. Den må være JSON."),
    "invalid_encoding": (400, "Meldingen kunne ikke leses. Den må være UTF-8."),
    "invalid_request": (400, "Det mangler noe i meldingen, eller noe i den har feil form."),
    "token_missing": (401, "Samtalens nøkkel mangler."),
    "signature_refused": (401, "Kallet er ikke signert riktig, eller tidsstempelet er for gammelt."),
    "not_logged_in": (401, "Du er ikke logget inn, eller økten er over. Logg inn på nytt."),
    "not_allowed": (403, "Rollen din gir ikke tilgang til dette."),
    "form_token_wrong": (403, "Siden er gammel. Last den inn på nytt, og prøv igjen."),
    "origin_refused": (403, "Denne siden får ikke skrive hit."),
    "conversation_unknown": (404, "Samtalen finnes ikke. Den kan være slettet. Du kan begynne en ny."),
    "case_unknown": (404, "Saken finnes ikke, eller samtalen er slettet."),
    "not_found": (404, "Det er ingenting her."),
    "method_not_allowed": (405, "Det går ikke an å gjøre det her."),
    "case_taken": (409, "En annen har tatt saken."),
    "case_not_yours": (409, "Den som skriver, har ikke saken."),
    "case_moved": (409, "Saken er ikke lenger hos deg, eller den er avsluttet."),
    "worker_away": (409, "Den du valgte, er ikke på vakt lenger."),
    "case_not_possible": (409, "Det går ikke slik saken står nå."),
    "message_too_long": (413, "Meldingen er for lang. Skriv den gjerne kortere, eller del den i flere."),
    "unsupported_media_type": (415, "Meldingen må sendes som JSON."),
    "message_empty": (422, "Meldingen er tom. Skriv det du lurer på."),
    "too_many_requests": (429, "Det kom mange meldinger på kort tid. Vent litt og prøv igjen."),
    "internal": (500, "Noe gikk galt hos oss. Prøv igjen om litt."),
    "unavailable": (503, "Vi får ikke svart akkurat nå. Prøv igjen om litt."),
}
"""Every code, its HTTP status and what it says."""

_BY_STATUS = {
    403: "origin_refused",
    404: "not_found",
    405: "method_not_allowed",
    413: "message_too_long",
    415: "unsupported_media_type",
}


def error_response(app: web.Application, code: str) -> web.Response:
    """The answer for an error code."""
    status, message = ERRORS[code]
    app[METRICS].errors.labels(code).inc()
    body = {"error": {"code": code, "message": message, "emergency": app[EMERGENCY]}}
    headers = {"Retry-After": "5"} if status in (429, 503) else None
    return web.json_response(body, status=status, headers=headers)


@web.middleware
async def one_shape(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into the one shape."""
    try:
        return await handler(request)
    except Refused as error:
        return error_response(request.app, error.code)
    except MessageTooLong:
        return error_response(request.app, "message_too_long")
    except MessageRejected:
        return error_response(request.app, "message_empty")
    except ConversationUnknown:
        return error_response(request.app, "conversation_unknown")
    except CaseUnknown:
        return error_response(request.app, "case_unknown")
    except AlreadyTaken:
        return error_response(request.app, "case_taken")
    except IllegalMove:
        return error_response(request.app, "case_moved")
    except StorageUnavailable as error:
        logger.error("the database cannot be reached: %s", error)
        return error_response(request.app, "unavailable")
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return error_response(request.app, _BY_STATUS.get(error.status, "invalid_request"))
    except Exception:
        logger.exception("a request failed")
        return error_response(request.app, "internal")
