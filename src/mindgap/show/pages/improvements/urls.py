from django.urls import path

from mindgap.show.pages.improvements import change, deadlines, planned, steps, view

urlpatterns = [
    path("improvements/", view.board, name="improvements"),
    path("improvements/new/", change.new, name="improvement_new"),
    path("improvements/patterns/", change.pattern, name="improvement_pattern"),
    path("improvements/calendar/", deadlines.months, name="improvement_calendar"),
    path("improvements/calendar/address/", deadlines.address, name="improvement_feed_address"),
    # Opened by calendar programs, which cannot sign in: the token is the key.
    path("calendar/<str:token>.ics", deadlines.feed, name="improvement_feed"),
    path("improvements/<int:number>/", view.improvement, name="improvement"),
    path("improvements/<int:number>/edit/", change.edit, name="improvement_edit"),
    path("improvements/<int:number>/plan/", planned.plan, name="improvement_plan"),
    path("improvements/<int:number>/state/", steps.state, name="improvement_state"),
    path("improvements/<int:number>/notes/", steps.note, name="improvement_note"),
    path("improvements/<int:number>/tasks/", steps.add_task, name="improvement_task_new"),
    path("improvements/<int:number>/tasks/<int:task>/", steps.tick, name="improvement_task"),
]
