"""People who work here: their accounts, roles, log-in and sessions, who is at work, and the log. No HTTP.

Light to import: the command line names the roles, and must not wait for a database."""

from bot.staff.model import ROLES, Session, Stage, Worker

__all__ = ["ROLES", "Session", "Stage", "Worker"]
