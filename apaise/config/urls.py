"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("apaise.doors.workspace.urls")),
    path("", include("apaise.doors.portal.urls")),
]
handler400 = "apaise.doors.errors.bad_request"
handler403 = "apaise.doors.errors.not_allowed"
handler404 = "apaise.doors.errors.not_found"
handler500 = "apaise.doors.errors.broke"
