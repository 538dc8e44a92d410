"""The one door: a citizen's words in, type, matter, place, urgency, title and summary out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nlp import modelstore, urgency
from nlp.classify import Classifier
from nlp.places import Gazetteer
from nlp.results import Understanding
from nlp.segment import segmenter
from nlp.summary import summarise
from nlp.text import join_fields

TOP = 3
LONGEST = 20_000  # characters read of one message; a pasted book must not hold up the queue


@dataclass(frozen=True, slots=True)
class Understander:
    """Holds loaded models and the gazetteer; nothing changes after loading, so threads may share one."""

    type_model: Classifier
    matter_model: Classifier
    gazetteer: Gazetteer

    @classmethod
    def load(cls, model_dir: Path, gazetteer: Gazetteer) -> Understander:
        """The versions in use of ``model_dir``/type and /matter; raises ModelRefused when one cannot be used."""
        type_model = modelstore.load(model_dir / "type", Classifier.load)
        matter_model = modelstore.load(model_dir / "matter", Classifier.load)
        segmenter()  # so that the first citizen does not wait for it
        return cls(type_model, matter_model, gazetteer)

    @property
    def version(self) -> str:
        """Names both models, to be kept with whatever they suggested."""
        return f"type-{self.type_model.version}+matter-{self.matter_model.version}"

    def understand(self, text: str, *, title: str = "") -> Understanding:
        """Everything that can be read out of the words; ``abstain`` when the matter is a guess."""
        body, heading = text[:LONGEST], title[:LONGEST]
        said = join_fields(heading, body)
        cut = self.type_model.vocabulary.cut(said)
        types = self.type_model.classify(cut, TOP)
        matters = self.matter_model.classify(cut, TOP)
        place = self.gazetteer.find(f"{heading}\n{body}" if heading else body)
        words = summarise(
            body,
            title=heading,
            place=(place.address or place.text) if place else "",
            keywords=[reason.text for reason in matters[0].reasons],
        )
        return Understanding(
            type=types,
            matter=matters,
            place=place,
            urgency=urgency.assess(f"{heading}\n{body}"),
            title=words.title,
            summary=words.summary,
            abstain=self.matter_model.abstains(matters),
            model_version=self.version,
        )
