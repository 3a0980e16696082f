from django.urls import path

from mindgap.show.pages.widget import rule, view

app_name = "widget"

urlpatterns = [
    path("widget/", view.listing, name="sites"),
    path("widget/new/", view.new, name="new"),
    path("widget/<int:pk>/", view.edit, name="site"),
    path("widget/<int:pk>/state/", view.state, name="state"),
    path("widget/<int:pk>/rules/new/", rule.new, name="rule_new"),
    path("widget/<int:pk>/rules/<int:place>/", rule.edit, name="rule"),
    path("widget/<int:pk>/rules/<int:place>/removal/", rule.remove, name="rule_removal"),
]
