"""All settings, in one file, read from the environment (docs/operate/settings.md lists them)."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from apaise.config import env
from apaise.config.env import BadSetting
from apaise.config.start import use_newer_sqlite
from apaise.lib import clamd, dkim

use_newer_sqlite()

PACKAGE = Path(__file__).resolve().parent.parent

# --- where things live -----------------------------------------------------------------------------------
DATA = Path(env.text("APAISE_DATA", "./data", about="Folder of the database, files and raw mail.")).resolve()
URL = env.url(
    "APAISE_URL",
    ("http", "https"),
    "https://complaints.example.org",
    default="http://localhost:8000",
    about="Public address of this site; links in mails start with it.",
).rstrip("/")
LOCAL = (urlsplit(URL).hostname or "") in ("localhost", "127.0.0.1", "::1")
DEMO = env.flag(
    "APAISE_DEMO", False, about="Set by `apaise run --demo`: a banner, known sign-ins from this machine only."
)
DEBUG = False
SMTP_URL = env.url(
    "SMTP_URL",
    ("smtp", "smtps"),
    "smtp://user:password@host:587 or smtps://host:465",
    about="Server for outgoing mail: smtp://user:password@host:587 or smtps://host:465.",
)
IMAP_URL = env.url(
    "IMAP_URL",
    ("imap", "imaps"),
    "imaps://user@host/INBOX or imap://user@host/INBOX (STARTTLS)",
    about="A first mailbox to fetch from: imaps://user@host/INBOX, or imap://user@host/INBOX for STARTTLS; more on the page Mailboxes.",
)
IMAP_PASSWORD = env.text("IMAP_PASSWORD", about="Password of the mailbox of IMAP_URL.") or unquote(
    urlsplit(IMAP_URL).password or ""
)
IMAP_TOKEN_URL = env.url(
    "IMAP_TOKEN_URL",
    ("https", "http"),
    "https://login.example.org/oauth2/token",
    about="Where the mailbox of IMAP_URL gets its access tokens (OAuth2); set, it signs in without a password.",
)
IMAP_CLIENT_ID = env.text("IMAP_CLIENT_ID", about="OAuth2 client of the mailbox of IMAP_URL.")
IMAP_CLIENT_SECRET = env.text("IMAP_CLIENT_SECRET", about="Secret of that client, if it has one.")
IMAP_REFRESH_TOKEN = env.text("IMAP_REFRESH_TOKEN", about="OAuth2 refresh token of the mailbox of IMAP_URL.")
IMAP_AFTER = env.after_fetching(
    "IMAP_AFTER",
    about="What becomes of a fetched mail on its server: seen, delete, or move:Folder.",
)
IMAP_PLAIN = env.flag(
    "IMAP_PLAIN", False, about="Let mailboxes on other machines be fetched from without encryption."
)
LMTP = env.text(
    "APAISE_LMTP",
    about="Where to take mail by LMTP from the mail server in front: host:port, or the path of a socket.",
)
SILENCE_HOURS = env.number(
    "APAISE_SILENCE_HOURS",
    48,
    about="Hours of working days without any mail after which administrators are told, for each way in; 0: never.",
)
DESKS = env.addresses(
    "APAISE_DESKS", about="Mail addresses of the complaints desk; the first is the main one."
)
DEFAULT_LANGUAGE = env.one_of(
    "APAISE_LANGUAGE", ("fr", "en"), about="Language when nothing says which: fr or en."
)
SPAM_HEADER = env.text(
    "APAISE_SPAM_HEADER",
    about="Header in which your own mail filter marks certain spam, as `X-Spam-Flag: YES`; empty: nothing is spam unless a person says so.",
)
UNDO_SECONDS = env.number(
    "APAISE_UNDO_SECONDS", 0, about="Seconds an outgoing reply waits, so that it can be taken back."
)
RENEWAL_DAYS = env.number(
    "APAISE_RENEWAL_DAYS",
    90,
    about="Days before the renewal of a contract from which what is unresolved with its customer is shown to those who lead.",
    least=1,
)
MUTE = env.flag("APAISE_MUTE", False, about="No mail leaves: for a rehearsal or a move to another machine.")
JOURNAL_ADDRESS = env.text(
    "JOURNAL_ADDRESS",
    about="Address of our own that gets a blind copy of each outgoing mail. With JOURNAL_IMAP_URL a mail that may not have left settles itself.",
)
JOURNAL_IMAP_URL = env.url(
    "JOURNAL_IMAP_URL",
    ("imap", "imaps"),
    "imaps://user:password@host:993/INBOX",
    about="Where the mailbox of JOURNAL_ADDRESS is read: imaps://user:password@host:993/INBOX.",
)
DKIM_KEY = env.text("DKIM_KEY", about="Private key (PEM, RSA or Ed25519) that signs outgoing mail.")
DKIM_SELECTOR = env.text(
    "DKIM_SELECTOR", "apaise", about="Where its public half stands: SELECTOR._domainkey.DOMAIN."
)
DKIM_DOMAIN = env.text("DKIM_DOMAIN", about="Domain it signs for; empty: the domain of the desk that writes.")
if DKIM_KEY:
    try:
        dkim.read_key(DKIM_KEY)
    except dkim.BadKey as problem:
        raise BadSetting(f"DKIM_KEY cannot be used: {problem}") from problem
AUTOMATIC_PER_ADDRESS = env.number(
    "APAISE_AUTOMATIC_PER_ADDRESS",
    5,
    about="Automatic mails an hour to one address; more wait and their handler is told. 0: no limit.",
)
AUTOMATIC_PER_MINUTE = env.number(
    "APAISE_AUTOMATIC_PER_MINUTE",
    100,
    about="Automatic mails a minute; above it they wait until an administrator lets them go. 0: no limit.",
)
LARGEST_FILE = env.number(
    "APAISE_LARGEST_FILE", 20, least=1, about="Largest file taken on our pages, in MB (millions of bytes)."
)
LARGEST_MAIL_FILE = env.number(
    "APAISE_LARGEST_MAIL_FILE",
    50,
    least=1,
    about="Largest attachment taken out of a mail, in MB; what is larger stays in the original, and the case says so.",
)
CLAMD_URL = env.place(
    "CLAMD_URL",
    clamd.address,
    "tcp://host:3310 or unix:///run/clamav/clamd.ctl",
    about="ClamAV daemon that looks at every file before anybody opens it: tcp://host:3310 or unix:///run/clamav/clamd.ctl.",
)
UNCHECKED_FILES = env.one_of(
    "APAISE_UNCHECKED_FILES",
    ("warn", "never"),
    about="With CLAMD_URL, a file that it could not look at: staff may open it after a warning (warn), or nobody (never).",
)
ASSIGN_SPECIALISTS = env.flag(
    "APAISE_ASSIGN_SPECIALISTS",
    True,
    about="Where no rule decides, give a case to whoever of its team has a skill it needs; no: it waits in the queue.",
)
LONGEST_WAIT_HOURS = env.number(
    "APAISE_LONGEST_WAIT_HOURS",
    24,
    about="Hours after which the case that has waited longest for a handler is the next one served, before any VIP; 0: never.",
)
PACK = env.text(
    "APAISE_PACK", "fr-consommation", about="Policy pack for a case no other active pack applies to."
)
PACKS = env.words(
    "APAISE_PACKS", "fr-b2b-maintenance fr-consommation", about="Active policy packs, tried in this order."
)


def _secret_key() -> str:
    if given := env.text(
        "APAISE_SECRET_KEY", about="Signs links and sessions; made and kept in the data folder if absent."
    ):
        return given
    kept = DATA / "secret-key"
    try:
        if not (kept.exists() and kept.stat().st_size):
            DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_secret_key(kept)
        return kept.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise BadSetting(
            f"The data folder {DATA} cannot be used ({problem.strerror}). Make it writable, or set APAISE_DATA to another folder."
        ) from problem


def _make_secret_key(kept: Path) -> None:
    # Whole or not at all, and of several starting at once one wins: links signed with a lost key open nothing.
    draft = kept.with_name(f"secret-key.{os.getpid()}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    try:
        if kept.exists() and not kept.stat().st_size:
            kept.unlink()
        os.link(draft, kept)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.words(
    "APAISE_OLD_SECRET_KEYS", "", about="Earlier secret keys whose links still open."
)

# --- database --------------------------------------------------------------------------------------------
_DATABASE_URL = env.text(
    "DATABASE_URL", "", about="postgresql://user:password@host:5432/name; empty: SQLite in the data folder."
)


def _postgresql(url: str) -> dict[str, object]:
    looks = "DATABASE_URL must look like postgresql://user:password@host:5432/name."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise BadSetting(looks) from problem
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadSetting(looks)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **dict(parse_qsl(parts.query))},  # ?sslmode=require and the like
    }


_SQLITE = {
    "ENGINE": "apaise.lib.sqlite_fair",
    "NAME": str(DATA / "apaise.sqlite3"),
    "CONN_MAX_AGE": None,
    "TEST": {"NAME": str(DATA / "test.sqlite3")},  # a file, so that tests meet the real locks
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # synchronous=FULL: an acknowledgement is a promise, a power cut must not undo it.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;"
        " PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
    },
}
DATABASES = {"default": _postgresql(_DATABASE_URL) if _DATABASE_URL else _SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- rooms -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_tasks",
    "apaise.ground.ledger",
    "apaise.ground.accounts",
    "apaise.ground.parties",
    "apaise.ground.packs",
    "apaise.intake.cases",
    "apaise.intake.channels",
    "apaise.handling.routing",
    "apaise.handling.policy",
    "apaise.handling.tasks",
    "apaise.handling.contributions",
    "apaise.handling.prepared",
    "apaise.handling.lateness",
    "apaise.handling.tickets",
    "apaise.journey",
    "apaise.doors.workspace",
    "apaise.doors.portal",
]
MIDDLEWARE = [
    "apaise.doors.middleware.log_requests",
    "apaise.doors.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "apaise.doors.middleware.refuse_too_large",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apaise.doors.middleware.speak_the_readers_language",
    "apaise.doors.middleware.workspace_needs_a_sign_in",
    "apaise.doors.middleware.refuse_nul",
]
ROOT_URLCONF = "apaise.config.urls"
TASKS = {"default": {"BACKEND": "apaise.journey.backend.CaseDatabaseBackend", "QUEUES": ["default", "mail"]}}

# --- pages -----------------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "doors" / "templates"],
        "OPTIONS": {"environment": "apaise.doors.jinja.environment"},
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "doors" / "static"  # served from where it lies: nothing is collected or built
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "apaise.doors.staticfiles.Versioned"},
}
WHITENOISE_MAX_AGE = 7 * 24 * 3600  # addresses carry a version

# --- people, sessions, security --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
_SECURE = URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-s" if _SECURE else "apaise_s"
CSRF_COOKIE_NAME = "__Host-c" if _SECURE else "apaise_c"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 31536000 if _SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
CSRF_TRUSTED_ORIGINS = [URL]
CSRF_FAILURE_VIEW = "apaise.doors.errors.stale_form"
ALLOWED_HOSTS = ["*"] if LOCAL else [urlsplit(URL).hostname or "", "localhost", "127.0.0.1"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"] if LOCAL else ALLOWED_HOSTS
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_HANDLERS = ["apaise.doors.uploads.IntoStore"]

PROXIES = env.words(
    "APAISE_PROXIES",
    "",
    about="Addresses of the web servers in front that set X-Forwarded-For themselves; without, everybody behind one counts as one.",
)

# --- languages and time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- logs ------------------------------------------------------------------------------------------------
LOG_FORM = env.one_of(
    "APAISE_LOG",
    ("plain", "json"),
    about="Lines on standard error: plain for people, or json, one object a line.",
)
LOG_REQUESTS = env.flag(
    "APAISE_LOG_REQUESTS",
    False,
    about="Also log each request: route, status, milliseconds, user id; never its address.",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "apaise.lib.logs.Plain"}, "json": {"()": "apaise.lib.logs.Json"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORM}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "apaise": {"level": "INFO"},
        "django.request": {"level": "CRITICAL"},
    },  # ours says it: middleware
}
