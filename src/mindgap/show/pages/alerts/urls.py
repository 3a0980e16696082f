from django.urls import path

from mindgap.show.pages.alerts import rules, view

urlpatterns = [
    path("alerts/", view.alerts, name="alerts"),
    path("alerts/rules/", rules.rules, name="alert_rules"),
    path("alerts/rules/new/", rules.new, name="alert_rule_new"),
    path("alerts/rules/shipped/", rules.plant, name="alert_rules_shipped"),
    path("alerts/rules/<str:code>/", rules.edit, name="alert_rule"),
    path("alerts/rules/<str:code>/state/", rules.state, name="alert_rule_state"),
    path("alerts/rules/<str:code>/removal/", rules.remove, name="alert_rule_removal"),
    path("alerts/<int:number>/", view.alert, name="alert"),
    path("alerts/<int:number>/acknowledgement/", view.acknowledge, name="alert_acknowledgement"),
    path("alerts/<int:number>/notices/<int:notice>/resending/", view.send_again, name="alert_resending"),
]
