"""Addresses of the staff pages, one list a room. Nouns only: what is posted to an address is made there."""

from django.urls import path

from apaise.doors.workspace import account, alerts, post, style_guide
from apaise.doors.workspace.cases import urls as cases
from apaise.doors.workspace.contributions import urls as contributions
from apaise.doors.workspace.customers import urls as customers
from apaise.doors.workspace.entry import urls as entry
from apaise.doors.workspace.house import urls as house
from apaise.doors.workspace.intake import urls as intake
from apaise.doors.workspace.lead import urls as lead
from apaise.doors.workspace.packs import urls as packs
from apaise.doors.workspace.policies import urls as policies
from apaise.doors.workspace.routing import urls as routing
from apaise.doors.workspace.system import urls as system
from apaise.doors.workspace.tasks import urls as tasks
from apaise.doors.workspace.today import urls as today

app_name = "workspace"
urlpatterns = [
    path("cases/<str:reference>/messages/<int:message_id>/letter", post.letter, name="letter"),
    path("cases/<str:reference>/messages/<int:message_id>/posting", post.posting, name="posting"),
    path("cases/<str:reference>/messages/<int:message_id>/posting/proof", post.proof, name="posting-proof"),
    path("post", post.to_post, name="post"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/seen", alerts.all_seen, name="alerts-seen"),
    path("alerts/<int:alert_id>/seen", alerts.seen, name="alert-seen"),
    path("account", account.account, name="account"),
    path("style-guide", style_guide.style_guide, name="style-guide"),
    *cases.urlpatterns,
    *today.urlpatterns,
    *tasks.urlpatterns,
    *lead.urlpatterns,
    *contributions.urlpatterns,
    *entry.urlpatterns,
    *customers.urlpatterns,
    *intake.urlpatterns,
    *routing.urlpatterns,
    *packs.urlpatterns,
    *policies.urlpatterns,
    *house.urlpatterns,
    *system.urlpatterns,
]
