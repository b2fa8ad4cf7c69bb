"""The codes that LINE Login gave, and the sessions they were exchanged for."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

ACCESS_SECONDS = 30 * 24 * 3600
LIFF_ACCESS_SECONDS = 12 * 3600
REFRESH_SECONDS = 90 * 24 * 3600


@dataclass(slots=True)
class Code:
    user_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    challenge: str | None
    born: float


@dataclass(slots=True)
class Session:
    """What one login gave."""

    access_token: str
    refresh_token: str
    user_id: str
    scope: str
    born: float
    seconds: int = ACCESS_SECONDS
    """How long its access token lives."""
    revoked: bool = False


@dataclass(slots=True)
class LoginBook:
    """The codes and sessions. Safe to share between threads."""

    codes: dict[str, Code] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        with self._lock:
            self.codes, self.sessions = {}, {}

    def add_code(self, code: Code) -> str:
        name = secrets.token_urlsafe(15)
        with self._lock:
            self.codes[name] = code
        return name

    def take_code(self, name: str) -> Code | None:
        """Whoever asks first has it."""
        with self._lock:
            return self.codes.pop(name, None)

    def open(self, user_id: str, scope: str, now: float, *, seconds: int = ACCESS_SECONDS) -> Session:
        session = Session(secrets.token_urlsafe(48), secrets.token_urlsafe(24), user_id, scope, now, seconds)
        with self._lock:
            self.sessions[session.access_token] = session
        return session

    def find(self, access_token: str, now: float) -> Session | None:
        session = self.sessions.get(access_token)
        good = session is not None and not session.revoked and now - session.born < session.seconds
        return session if good else None

    def find_refreshable(self, refresh_token: str, now: float) -> Session | None:
        with self._lock:
            sessions = list(self.sessions.values())
        for session in sessions:
            if session.refresh_token == refresh_token and not session.revoked:
                return session if now - session.born < REFRESH_SECONDS else None
        return None

    def revoke_all_of(self, user_id: str) -> None:
        """The person takes back every agreement."""
        with self._lock:
            sessions = list(self.sessions.values())
        for session in sessions:
            session.revoked = session.revoked or session.user_id == user_id
