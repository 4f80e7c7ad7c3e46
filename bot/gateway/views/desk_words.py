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
}
"""What is written in the log, and how it is read."""
