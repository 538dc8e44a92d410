"""Writing and checking articles: what may be changed and which step is open follows from the edition's state."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action

from hotline.knowledge import publishing
from hotline.knowledge.models import Article
from hotline.people.history import HistoryAdmin

State = Article.State
WORDS = ("title", "asked_as", "body", "basis", "audience", "matters", "owner", "valid_from", "valid_until")
MAY_CHANGE = {
    State.DRAFT: {*WORDS, "look_again_on"},
    State.IN_REVIEW: {"remark"},
    State.PUBLISHED: {"look_again_on"},
    State.RETIRED: set[str](),
}
STEPS = {
    State.DRAFT: ("hand_in",),
    State.IN_REVIEW: ("publish", "send_back"),
    State.PUBLISHED: ("new_edition", "retire"),
    State.RETIRED: (),
}


@admin.register(Article)
class ArticleAdmin(HistoryAdmin, ModelAdmin):
    """The knowledge base by state; steps are buttons under the form and run after it is saved."""

    list_display = ["title", "state", "audience", "owner", "valid_from", "valid_until", "look_again_on", "checked_by"]
    list_filter = ["state", "audience", "owner"]
    list_select_related = ["owner", "checked_by"]
    search_fields = ["title", "asked_as", "body"]
    autocomplete_fields = ["matters", "owner"]
    fields = [*WORDS, "look_again_on", "remark", "state", "written_by", "checked_by", "published_at", "replaces"]
    actions_submit_line = ["hand_in", "publish", "send_back", "new_edition", "retire"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything that the edition's state closes."""
        state = State(obj.state) if obj else State.DRAFT
        return [name for name in self.fields if name not in MAY_CHANGE[state]]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft that nobody has seen; what was published stays on record."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def get_actions(self, request: HttpRequest) -> Any:
        """Deleting many at once would not ask for each one's state."""
        return {name: step for name, step in super().get_actions(request).items() if name != "delete_selected"}

    def get_actions_submit_line(self, request: HttpRequest, object_id: int) -> list[UnfoldAction]:
        """The steps that are open now."""
        article = Article.objects.filter(pk=object_id).first() if object_id else None
        open_now = STEPS[State(article.state)] if article else ()
        found: list[UnfoldAction] = super().get_actions_submit_line(request, object_id)
        return [step for step in found if step.path in open_now]

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """A new one is its maker's."""
        if not change:
            obj.written_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    @action(description=gettext_lazy("Hand in for its check"))
    def hand_in(self, request: HttpRequest, obj: Article) -> None:
        """Draft → waiting."""
        self._step(request, publishing.hand_in, obj)

    @action(description=gettext_lazy("Publish"))
    def publish(self, request: HttpRequest, obj: Article) -> None:
        """Waiting → published."""
        self._step(request, publishing.publish, obj)

    @action(description=gettext_lazy("Send back"))
    def send_back(self, request: HttpRequest, obj: Article) -> None:
        """Waiting → draft, with the remark."""
        self._step(request, publishing.send_back, obj, remark=obj.remark)

    @action(description=gettext_lazy("Write a new edition"))
    def new_edition(self, request: HttpRequest, obj: Article) -> None:
        """A draft beside the published one."""
        self._step(request, publishing.new_edition, obj)

    @action(description=gettext_lazy("Take back"))
    def retire(self, request: HttpRequest, obj: Article) -> None:
        """Published → taken back."""
        self._step(request, publishing.retire, obj)

    def _step(self, request: HttpRequest, verb: Any, article: Article, **said: Any) -> None:
        try:
            verb(article, by=request.user, **said)
        except publishing.CannotBePublished as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Done."))
