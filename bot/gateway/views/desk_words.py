"""What the console calls things, in Norwegian."""

from __future__ import annotations

DEEDS = {
    "account_made": "laget kontoen",
    "roles_changed": "endret rollene til",
    "account_closed": "stengte kontoen",
    "account_reset": "nullstilte kontoen",
    "account_locked": "ble låst ute etter feil forsøk",
    "logged_in": "logget inn",
    "logged_out": "logget ut",
    "came": "tok plass i vakten",
    "went": "gikk fra vakten",
    "case_taken": "tok saken",
    "case_released": "ga saken tilbake til køen",
    "case_transferred": "overførte saken",
    "case_closed": "avsluttet saken",
    "case_message_read": "åpnet beskjeden i saken",
    "case_unmasked": "viste skjulte numre og adresser i saken",
}
"""What is written in the log, and how it is read."""

URGENCIES = {"none": "Haster ikke", "concern": "Bekymring", "urgent": "Haster", "acute": "Akutt"}
CHANNELS = {"web": "Nettprat", "sms": "SMS"}
REASONS = {
    "violence_now": "vold nå",
    "threat_to_life": "drapstrusler",
    "suicide": "selvmordstanker",
    "locked_in": "innelåst",
    "wedding_soon": "bryllup snart",
    "fgm_soon": "fare for kjønnslemlestelse",
    "travel_soon": "reise snart",
    "held_abroad": "holdt i utlandet",
    "passport_taken": "passet er tatt",
}
"""Why a message was urgent."""
AGES = {"under 18": "Under 18 år", "18+": "18 år eller eldre"}
ROLES = {"other": "Urolig for en annen", "professional": "Fagperson"}
LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
MOVES = {
    "asked": "spurte etter et menneske",
    "message": "la igjen en beskjed",
    "taken": "tok saken",
    "released": "ga den tilbake til køen",
    "logged out": "logget ut; tilbake til køen",
    "lost": "ble borte; tilbake til køen",
    "transfer": "overførte saken",
    "escalated": "ingen tok den; varslet på nytt",
    "missed": "ingen rakk å ta den",
    "nobody on duty": "ingen var på vakt",
    "closed": "avsluttet saken",
    "message read": "åpnet beskjeden",
    "ended by user": "gikk ut av samtalen",
    "deleted by user": "slettet samtalen",
    "declined": "ombestemte seg",
    "expired": "for lang tid gikk",
    "never read": "ingen leste beskjeden",
}
"""Why a case moved."""
WAYS = {
    ("alert", "email"): "Varsel på e-post",
    ("alert", "sms"): "Varsel på SMS",
    ("alert", "webhook"): "Varsel til et annet system",
    ("human", "chatwoot"): "Chatwoot",
    ("human", "xmpp"): "XMPP-rommet",
    ("human", "webhook"): "Eget saksystem",
}
"""The ways out, by kind and channel."""
DELIVERIES = {
    "waits": "En ny sak venter",
    "waits_again": "En sak venter fortsatt",
    "opened": "En sak venter",
    "wrote": "En melding i saken",
    "moved": "Saken har fått ny tilstand",
    "closed": "Saken er avsluttet",
}
"""What it was that did not come through."""
TROUBLES = {
    "timeout": "Mottakeren svarte ikke i tide",
    "connection": "Fikk ikke kontakt med mottakeren",
    "not_connected": "Er ikke koblet til nå",
    "tls": "Sertifikatet til mottakeren kunne ikke godtas",
    "refused": "Mottakeren tok ikke imot",
    "response": "Svaret fra mottakeren kunne ikke leses",
    "answer": "Svaret fra mottakeren kunne ikke leses",
    "storage": "Databasen svarte ikke",
    "other": "Noe annet gikk galt",
}
"""What went wrong, by its code."""
