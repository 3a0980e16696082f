"""Every setting, read from the environment once, at start; `docs/settings.md` explains each."""

import sys
from pathlib import Path

from mindgap.ground import environment, secret

PACKAGE = Path(__file__).resolve().parent.parent

DATA = environment.data_folder()
DEBUG = environment.flag("MINDGAP_DEBUG")
SECRET_KEY = environment.text("MINDGAP_SECRET_KEY") or secret.key(DATA)
ALLOWED_HOSTS = environment.text("MINDGAP_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in environment.text("MINDGAP_ORIGINS").split(",") if origin]
SITE_URL = environment.text("MINDGAP_URL", "http://127.0.0.1:8377").rstrip("/")
SECURE = SITE_URL.startswith("https://")

DATABASES = {"default": environment.database(environment.text("DATABASE_URL"), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FACTS = Path(environment.text("FACTS_DIR") or DATA / "facts")
ERASURES_FILE = Path(environment.text("ERASURES_FILE") or DATA / "erasures.jsonl")
FACTS_THREADS = environment.whole("FACTS_THREADS", 2, least=1)
FACTS_MEMORY_MB = environment.whole("FACTS_MEMORY_MB", 512, least=64)
FACTS_TAIL_ROWS = environment.whole("FACTS_TAIL_ROWS", 50_000, least=1)
FACTS_TAIL_SECONDS = environment.whole("FACTS_TAIL_SECONDS", 600, least=1)

UPLOAD_MAX_MB = environment.whole("UPLOAD_MAX_MB", 512, least=1)
LANE_BODY_MAX_KB = environment.whole("LANE_BODY_MAX_KB", 1024, least=1)
LANE_QUEUE_MAX = environment.whole("LANE_QUEUE_MAX", 10_000, least=1)
LANE_KEY_PER_SECOND = environment.whole("LANE_KEY_PER_SECOND", 1000, least=0)
LANE_ADDRESS_PER_SECOND = environment.whole("LANE_ADDRESS_PER_SECOND", 1000, least=0)
LANE_EMBEDDERS = environment.text("LANE_EMBEDDERS").replace(",", " ").split()
LANE_PROXIES = environment.text("LANE_PROXIES").replace(",", " ").split()
OUTGOING_INTERNAL = environment.text("OUTGOING_INTERNAL").replace(",", " ").split()
SMALLEST_GROUP = environment.whole("SMALLEST_GROUP", 5, least=1)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "mindgap.keep",
    "mindgap.collect",
    "mindgap.act",
    "mindgap.show",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mindgap.show.pages.frame.presence.Presence",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "mindgap.show.urls"
WSGI_APPLICATION = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "show" / "pages"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mindgap.show.pages.frame.context.frame",
            ],
            "builtins": ["mindgap.show.templatetags.figures"],
        },
    }
]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "mindgap.show.pages.account.adapter.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [PACKAGE / "show" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-mindgap" if SECURE else "mindgap"
CSRF_COOKIE_NAME = "__Host-mindgap-csrf" if SECURE else "mindgap-csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.whole("EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", "mindgap@localhost")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

LOG_LEVEL = environment.text("MINDGAP_LOG", "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"mindgap": {"level": LOG_LEVEL}},
}
