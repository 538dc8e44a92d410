"""Addresses of the citizen's pages."""

from django.urls import path

from channels_ingest.citizen_web import acting, asking, chat, following, home, knowledge

app_name = "citizen"

urlpatterns = [
    path("", home.home, name="home"),
    path("preferences/", home.prefer, name="prefer"),
    path("ask/", asking.ask, name="ask"),
    path("ask/kept/<uuid:submission>/", asking.kept, name="kept"),
    path("ask/done/<str:code>/", asking.done, name="done"),
    path("ask/answers/", knowledge.offer, name="offer"),
    path("knowledge/", knowledge.find, name="knowledge"),
    path("knowledge/<int:pk>/", knowledge.article, name="article"),
    path("follow/", following.follow, name="follow"),
    path("t/<str:code>/", following.ticket_page, name="ticket"),
    path("t/<str:code>/words/", acting.add, name="add"),
    path("t/<str:code>/withdraw/", acting.withdraw, name="withdraw"),
    path("t/<str:code>/urge/", acting.urge, name="urge"),
    path("t/<str:code>/files/<int:attachment_id>/", following.file, name="file"),
    path("rate/<str:code>/", acting.rate, name="rate"),
    path("chat/", chat.start, name="chat-start"),
    path("chat/leave/", chat.leave, name="chat-leave"),
    path("chat/<str:code>/", chat.talk, name="chat"),
]
