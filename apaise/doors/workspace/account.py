"""One's own page: language, password, alerts by mail."""

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.mail_choice import TIME_ZONES, ChoiceRefused, choose_mail
from apaise.ground.accounts.models import AlertsByMail

SHORTEST = 12  # as in the settings' validators

Errors = dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Language, password and how alerts come by mail."""
    errors: Errors = {}
    if request.method == "POST":
        forms = {"new_password": _change_password, "alerts_by_mail": _change_mail}
        form = next((form for name, form in forms.items() if name in request.POST), _change_language)
        errors = form(request)
        if not errors:
            return redirect("/desk/account?done=saved")
    page = {
        **frame(request, "account"),
        "errors": errors,
        "languages": settings.LANGUAGES,
        "shortest": SHORTEST,
        "alerts_by_mail": request.user.alerts_by_mail,
        "mail_choices": AlertsByMail.choices,
        "time_zone": request.user.time_zone,
        "time_zones": list(TIME_ZONES.items()),
        "house_zone": TIME_ZONES.get(settings.TIME_ZONE, settings.TIME_ZONE),
    }
    return render(request, "workspace/account.html", page, status=409 if errors else 200)


def _change_language(request: HttpRequest) -> Errors:
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        return {"language": _("Choose French or English.")}
    request.user.language = wanted
    request.user.save(update_fields=["language"])
    return {}


def _change_mail(request: HttpRequest) -> Errors:
    try:
        choose_mail(request.user, request.POST["alerts_by_mail"], request.POST.get("time_zone", ""))
    except ChoiceRefused as refusal:
        return {"alerts_by_mail": str(refusal)}
    return {}


def _change_password(request: HttpRequest) -> Errors:
    if not request.user.check_password(request.POST.get("password", "")):
        return {"password": _("The present password does not match.")}
    try:
        validate_password(request.POST["new_password"], request.user)
    except ValidationError as problem:
        return {"new_password": " ".join(_why_weak(one) for one in problem.error_list)}
    request.user.set_password(request.POST["new_password"])
    request.user.save(update_fields=["password"])
    update_session_auth_hash(request, request.user)
    return {}


def _why_weak(problem: ValidationError) -> str:
    """Django's own words are not in our voice, and each says what is wrong without what to do."""
    words = {
        "password_too_short": _(
            "Choose at least %(number)s characters; a few words in a row are easy to remember."
        )
        % {"number": SHORTEST},
        "password_too_similar": _("This is too close to your name or address. Choose something else."),
        "password_too_common": _("Many people use this one, so it is guessed first. Choose something else."),
    }
    return words.get(problem.code or "", " ".join(problem.messages))
