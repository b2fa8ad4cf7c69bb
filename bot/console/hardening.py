"""What protects the console from other pages and other machines: headers, hosts, proxies, forms."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.settings import LINE_API, Settings
from bot.vault import Vault

FORM_COOKIE = "__Host-civicbot-form"
CONSOLE = "/console"
UPLOAD_BYTES = 8 * 1024 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
LINE_LOGIN = "https://access.line.me"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "manifest-src 'self'",
        f"form-action 'self' {LINE_LOGIN}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def install(app: Flask, *, settings: Settings, vault: Vault) -> CSRFProtect:
    """For every request whose path is the console's. Forms elsewhere are left alone: LINE signs its own."""
    app.config.update(
        SECRET_KEY=vault.mac("console/forms", b"").hex(),
        SESSION_COOKIE_NAME=FORM_COOKIE,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,  # Origin is checked below, which browsers send where they leave the Referer out
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    protect = CSRFProtect(app)
    hosts, headers = trusted_hosts(settings), headers_of(settings)

    @app.before_request
    def _check() -> None:
        if not is_ours(request.path):
            return
        if request.host.lower() not in hosts:
            abort(421)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            request.max_content_length = UPLOAD_BYTES
            request.form  # noqa: B018 - read now, while the watch on slow senders still runs
            done = request.environ.get("civicbot.request_read")
            if done is not None:
                done()
            _check_origin(hosts)
            protect.protect()

    @app.after_request
    def _protect(response: Response) -> Response:
        if is_ours(request.path):
            for name, value in headers.items():
                response.headers[name] = value
            if request.path.startswith(f"{CONSOLE}/static/") and response.status_code in {200, 304}:
                response.headers["Cache-Control"] = "public, max-age=86400"
            if request.path.startswith(f"{CONSOLE}/join/"):
                response.headers["Referrer-Policy"] = "strict-origin"  # the address is a key: not even we are told it
            if request.is_secure:
                response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    return protect


def renew_form_token() -> None:
    """What somebody may have read at this browser earlier is worth nothing from now on."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def is_ours(path: str) -> bool:
    return path == CONSOLE or path.startswith(f"{CONSOLE}/")


def headers_of(settings: Settings) -> dict[str, str]:
    """A form that signs in with LINE leads to LINE; where that is a simulator, to the simulator."""
    if settings.line_api_url == LINE_API:
        return HEADERS
    simulator = HEADERS["Content-Security-Policy"].replace(LINE_LOGIN, f"{LINE_LOGIN} {settings.line_api_url}")
    return {**HEADERS, "Content-Security-Policy": simulator}


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """Names under which the console answers: that of the base address; on this machine alone, loopback's others too."""
    netloc = urlsplit(settings.base_url).netloc.lower()
    name, _, port = netloc.rpartition(":") if ":" in netloc.rsplit("]", 1)[-1] else (netloc, "", "")
    if name not in LOOPBACK:
        return frozenset({netloc})
    ports = {port, str(settings.port)} - {""}
    return frozenset({f"{host}:{one}" for host in LOOPBACK for one in ports} | {netloc})


def _check_origin(hosts: frozenset[str]) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() not in hosts:
        abort(403)
