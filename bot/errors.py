"""The exceptions that Hjemvei raises on purpose.

HjemveiError
├── SettingError        a setting has a value that cannot be used
├── StartError          the service cannot start; the message says what to do
│   └── ModelMissing    there is no trained model
├── KnowledgeError      a file under knowledge/ is broken; carries every finding
├── StorageUnavailable  the database cannot be reached
├── ConversationUnknown no such conversation, or its token is wrong
├── StaffError          an account, a log-in or a session is not as it must be
│   ├── StaffExists     the name is taken
│   ├── StaffUnknown    there is no such account, or it is closed
│   ├── PasswordWeak    the password cannot be taken
│   ├── LogInRefused    wrong name, password or code, or the account is locked
│   └── SessionOver     there is no such session, it has ended, or the one-time code is not given yet
├── CaseUnknown         no such case, or what hung on it is gone
├── IllegalMove         a case cannot go from where it is to there
│   └── AlreadyTaken    another worker has the case
├── Undelivered         something meant for people on duty did not come through; it is tried again
├── SignatureRefused    a call from outside is not signed as it must be, or too old
├── CallRefused         a call from outside cannot be acted on
├── PersonUnreachable   there is no number to send a text message to
└── MessageRejected     what came in cannot be a message
    └── MessageTooLong  more than MAX_CHARACTERS
"""

from __future__ import annotations

from collections.abc import Sequence


class HjemveiError(Exception):
    """Root of the tree: what a caller may catch to handle all of it."""


class SettingError(HjemveiError):
    """A setting has a value that cannot be used."""


class StartError(HjemveiError):
    """The service cannot start. The text is one sentence that says what to do."""


class ModelMissing(StartError):
    """There is no trained model in the models folder."""


class KnowledgeError(HjemveiError):
    """Files under knowledge/ cannot be used.

    ``findings`` holds one line each, as ``path:line: what is wrong``.
    """

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(self.findings))


class StorageUnavailable(HjemveiError):
    """The database cannot be reached."""


class ConversationUnknown(HjemveiError):
    """There is no such conversation, it has expired, or the token is not its own."""


class StaffError(HjemveiError):
    """An account, a log-in or a session is not as it must be."""


class StaffExists(StaffError):
    """An account with this name exists, or did."""


class StaffUnknown(StaffError):
    """There is no such account, or it is closed."""


class PasswordWeak(StaffError):
    """The password cannot be taken. The text is one sentence that says why."""


class LogInRefused(StaffError):
    """Wrong name, password or code, or the account is locked. Which of them is never told."""


class SessionOver(StaffError):
    """There is no such session, it has ended, or its one-time code is not given yet."""


class CaseUnknown(HjemveiError):
    """There is no such case, or the conversation that it belonged to is gone."""


class IllegalMove(HjemveiError):
    """A case cannot go from the state that it is in to the one that was asked for."""


class AlreadyTaken(IllegalMove):
    """Another worker has the case."""


class Undelivered(HjemveiError):
    """Something meant for people on duty did not come through. ``code`` says why, never what was answered."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class SignatureRefused(HjemveiError):
    """A call from outside is not signed with our secret, or its time is not now."""


class CallRefused(HjemveiError):
    """A call from outside cannot be acted on. ``code`` is one of the codes of the HTTP interface."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class PersonUnreachable(HjemveiError):
    """No number is kept for the person: nothing is owed to them and no human has their case."""


class MessageRejected(HjemveiError):
    """What came in cannot be a message (empty, or not text)."""


class MessageTooLong(MessageRejected):
    """The message has more characters than a message may have."""
