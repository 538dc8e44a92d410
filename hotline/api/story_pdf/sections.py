"""The sections of the document in order: ticket, words, units, clocks, holders, lines, proof."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.api.story_pdf.paper import Paper
from hotline.tickets import reach

Story = dict[str, Any]


def moment(value: str | datetime | None) -> str:
    """Local time to the second; a dash where there is none."""
    if not value:
        return "—"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")


def minute(value: str | datetime | None) -> str:
    """The same to the minute, for narrow columns."""
    return moment(value)[:16]


def _title(paper: Paper, story: Story) -> None:
    below = _("Exported %(at)s by %(who)s") % {"at": moment(story["exported_at"]), "who": story["exported_by"]}
    paper.masthead(_("Record of a ticket"), f"{story['ticket']['number']}    {below}")


def _ticket(paper: Paper, story: Story) -> None:
    row = story["ticket"]
    citizen = row["citizen"]
    place = " ".join(part for part in (row["place"]["area_name"], row["place"]["address"]) if part)
    paper.heading(_("The ticket"))
    paper.fields(
        [
            (_("Ticket number"), row["number"]),
            (_("State"), row["state_label"]),
            (_("Type"), row["type_label"]),
            (_("Matter"), row["matter_path"]),
            (_("Title"), row["title"]),
            (_("Channel"), reach.label_of(row["channel"])),
            (_("Received at"), moment(row["created_at"])),
            (_("Answer due"), moment(row["due_at"])),
            (_("Citizen"), f"{citizen['name']} {citizen['phone']}" if citizen else _("withheld")),
            (_("Place"), place),
            (_("Lead unit"), row["department_name"]),
            (_("Assisting"), _(", ").join(row["assisting_names"])),
            (_("Satisfaction"), row["satisfied"]),
            (_("Merged into"), row["merged_into"]),
        ]
    )


def _words(paper: Paper, story: Story) -> None:
    paper.heading(_("What was asked"))
    paper.paragraph(story["ticket"]["text"] or "—")
    if len(story["ticket"]["messages"]) > 1:
        paper.heading(_("Correspondence"))
    for said in story["ticket"]["messages"][1:]:
        who = said["author"] or (_("Citizen") if said["direction"] == "in" else "12345")
        paper.fine(f"{moment(said['at'])}  {who}")
        paper.paragraph(said["text"] or said["transcript"] or f"[{said['kind']}]")


def _units(paper: Paper, story: Story) -> None:
    parts = story["ticket"]["assignments"]
    if not parts:
        return
    paper.heading(_("The units and their answers"))
    head = (_("Unit"), _("Role"), _("Dispatched at"), _("Signed for at"), _("Contacted at"), _("Answered at"))
    roles = {"lead": _("Lead unit"), "assisting": _("Assisting unit")}
    times = ("dispatched_at", "signed_at", "contacted_at", "answered_at")
    rows = [(p["department_name"], roles[p["role"]], *(minute(p[name]) for name in times)) for p in parts]
    paper.grid(rows, widths=(38, 20, 29, 29, 29, 29), head=head)
    for part in parts:
        if part["public_answer"]:
            paper.fine(_("Answer of %s") % part["department_name"])
            paper.paragraph(part["public_answer"])


def _clocks(paper: Paper, story: Story) -> None:
    if story["deadlines"]:
        paper.heading(_("The clocks and why they end when they do"))
    for due in story["deadlines"]:
        paper.keep_together(14)
        whose = f" · {due['department_name']}" if due["department_name"] else ""
        span = f"{moment(due['started_at'])} → {moment(due['due_at'])}"
        ended = _("ended %s") % moment(due["ended_at"]) if due["ended_at"] else _("still running")
        paper.line_of(f"{due['label']}{whose}    {span}    {ended}")
        for line in due["explanation"]:
            paper.fine(line, indent=4)


def _holders(paper: Paper, story: Story) -> None:
    chain = story["accountability"]
    paper.heading(_("Who was accountable"))
    if chain["first_asked"]:
        paper.fine(_("First asked: %s") % chain["first_asked"]["name"])
    head = (_("From"), _("To"), _("Holder"), _("Taken by"), _("Clock"), _("Due"), _("Kept"))
    rows = [
        (
            minute(span["start"]),
            minute(span["end"]),
            span["department_name"] or span["holder_label"],
            span["staff"]["name"] if span["staff"] else "—",
            span["clock_label"] or "—",
            minute(span["due_at"]),
            _("late") if span["late"] else (_("in time") if span["due_at"] else "—"),
        )
        for span in chain["spans"]
    ]
    paper.grid(rows, widths=(28, 28, 32, 20, 20, 28, 18), head=head)
    for part in chain["beside"]:
        paper.fine(f"{_('Assisting unit')} {part['department_name']}: {moment(part['start'])} → {moment(part['end'])}")


def _lines(paper: Paper, story: Story) -> None:
    paper.heading(_("Every line of the record, with its hash"))
    for line in story["ledger"]:
        paper.keep_together(16)
        who = line["by_name"] or {"citizen": _("Citizen"), "system": _("System")}.get(line["actor"], line["actor"])
        paper.line_of(
            f"{line['sequence']}.  {moment(line['at'])}  {line['kind_label']} | {who} | {line['state_label']}"
        )
        if line["data"]:
            paper.fine(_data(line["data"]), indent=6)
        if not line["complete"]:
            paper.fine(_("Parts of this line are withheld from the reader of this copy."), indent=6)
        paper.hash_line("SHA-256", line["hash"], indent=6)
        paper.ln(1)


def _data(data: dict[str, Any]) -> str:
    return "  ".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in data.items()
        if value not in ("", [], None)
    )


def _proof(paper: Paper, story: Story) -> None:
    proof = story["proof"]
    paper.heading(_("Proof"))
    paper.fine(
        _(
            "Each line's hash covers the line and the hash before it. Each night the last hash of every ticket that "
            "changed becomes a leaf of a Merkle tree whose root is signed (Ed25519). The file %(file)s, exported from "
            "the same system, holds all that is needed to check this without it; docs/verifying.md says how."
        )
        % {"file": f"{proof['number']}.json"}
    )
    paper.hash_line(_("Line %d:") % proof["length"], proof["head"])
    if not proof["anchors"]:
        paper.fine(_("No anchor yet: the next is made in the coming night."))
    for anchor in proof["anchors"]:
        paper.keep_together(24)
        paper.ln(1)
        covered = {"number": anchor["sequence"], "at": moment(anchor["at"]), "line": anchor["leaf"]["length"]}
        paper.line_of(_("Anchor %(number)d of %(at)s proves lines 1 to %(line)d") % covered)
        paper.hash_line(_("Root"), anchor["root"], indent=6)
        paper.hash_line(_("Signed hash"), anchor["hash"], indent=6)
        paper.hash_line(_("Public key"), anchor["key"], indent=6)
        paper.hash_line(_("Signature"), anchor["signature"], indent=6)


ALL = (_title, _ticket, _words, _units, _clocks, _holders, _lines, _proof)
