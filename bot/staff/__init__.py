"""People who work here: their accounts, roles, log-in and sessions, who is at work, and the log. No HTTP."""

from bot.staff.model import ROLES, Session, Stage, Worker
from bot.staff.service import Staff

__all__ = ["ROLES", "Session", "Staff", "Stage", "Worker"]
