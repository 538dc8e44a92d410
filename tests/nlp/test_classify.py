"""Choices are calibrated, their reasons are true, and scores are those of scikit-learn."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfTransformer

from nlp.classify import Classifier, _reasons
from nlp.grams import LONGEST, Cut, Layout, Vocabulary, gram_keys
from nlp.results import Choice
from nlp.text import join_fields
from tests.nlp.conftest import small_examples


def test_it_tells_the_three_subjects_apart(small_model: Classifier) -> None:
    asked = ["停水两天了", "路面全是坑", "学校老师打学生"]
    assert [small_model.classify(text)[0].label for text in asked] == ["水", "路", "学"]


@given(text=st.text(max_size=60))
def test_confidences_are_probabilities_in_falling_order(small_model: Classifier, text: str) -> None:
    choices = small_model.classify(text)
    confidences = [choice.confidence for choice in choices]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert sum(confidences) == pytest.approx(1, abs=0.001)  # three labels, so the first three are all
    assert small_model.probabilities(text).sum() == pytest.approx(1)


@pytest.mark.parametrize("text", small_examples().texts[::9])
def test_without_its_reasons_a_choice_is_weaker(small_model: Classifier, text: str) -> None:
    best = small_model.classify(text)[0]
    assert best.reasons
    without = text
    for reason in best.reasons:
        without = without.replace(reason.text, "")
    after = small_model.probabilities(without)[small_model.labels.index(best.label)]
    assert after < best.confidence


def test_reasons_are_words_of_the_text_the_weightiest_first(small_model: Classifier) -> None:
    reasons = small_model.classify("我们这里的自来水停水了，请处理")[0].reasons
    assert [reason.text for reason in reasons][:2] == ["自来水", "停水"]
    assert [reason.weight for reason in reasons] == sorted((r.weight for r in reasons), reverse=True)
    assert {reason.kind for reason in reasons} == {"word"}


def test_it_abstains_on_words_it_has_never_met(small_model: Classifier) -> None:
    assert small_model.abstains(small_model.classify("xyz"))
    assert [choice.confidence for choice in small_model.classify("水" * 500)] == [0.3333] * 3  # one word is no message
    assert small_model.abstains(())
    assert not small_model.abstains((Choice("水", 0.5),))
    assert small_model.abstains((Choice("水", 0.4999),))


def test_tf_idf_is_the_one_of_scikit_learn() -> None:
    texts = ["停水停水停电", "停电了", "修路"]
    vocabulary, texts_with = Vocabulary.fit(texts, Layout(order=2, opening=0, weights=(1, 0, 0, 0)), min_texts=1)
    counts = np.zeros((len(texts), len(vocabulary.keys)))
    for row, text in enumerate(texts):
        seen = vocabulary.look_up(text)
        counts[row, seen.features] = seen.counts
    assert texts_with.tolist() == (counts > 0).sum(axis=0).tolist()
    grams = vocabulary.keys < 1 << 61
    tfidf = TfidfTransformer(sublinear_tf=True).fit(counts[:, grams])
    expected = tfidf.transform(counts[:, grams]).toarray()
    idf = np.ones(len(vocabulary.keys), dtype=np.float32)
    idf[grams] = tfidf.idf_
    for row, text in enumerate(texts):
        seen = vocabulary.look_up(text)
        ours = np.zeros(len(vocabulary.keys))
        ours[seen.features] = vocabulary.weigh(seen, idf)
        np.testing.assert_allclose(ours[grams], expected[row], atol=1e-6)


def test_a_title_is_an_opening_and_so_are_the_first_words_of_a_text_without_one() -> None:
    layout = Layout(opening=4)
    assert Cut.of(join_fields("路灯坏了很久", "没人修"), layout).opening == 6
    assert Cut.of("路灯坏了很久没人修", layout).opening == 4
    long = "路" * 61
    assert Cut.of(join_fields(long, "没人修"), layout).opening == 4
    assert Cut.of("您好\n路灯坏了很久", layout).opening == 4


def test_what_stands_in_the_opening_counts_as_another_feature_too() -> None:
    layout = Layout(order=1, opening=2)
    found = Cut.of("修路修路", layout).spans
    every = found.keys[found.rows].tolist()
    grams = [key for key, length in zip(every, found.lengths.tolist(), strict=True) if length == 1]
    assert len(grams) == 6  # four characters, and the first two again
    assert len(set(grams)) == 4


def test_the_same_stretch_has_the_same_key_wherever_it_stands() -> None:
    layout = Layout(opening=0)
    once = Cut.of("停水", layout).spans
    twice = Cut.of("停水" * 400, layout).spans
    assert set(once.keys.tolist()) < set(twice.keys.tolist())
    assert len(set(twice.keys.tolist())) == len(set(once.keys.tolist())) + 1  # and 水停, where two meet


def test_grams_stand_where_they_are_said_to() -> None:
    keys, starts, lengths = gram_keys("停水了", 3)
    assert list(zip(starts.tolist(), lengths.tolist(), strict=True)) == [
        (0, 1), (1, 1), (2, 1), (0, 2), (1, 2), (0, 3),
    ]  # fmt: skip
    assert len(set(keys.tolist())) == 6


def test_the_shares_of_each_key_lie_on_the_words_that_it_covers() -> None:
    cut = Cut.of("修路吵，修路", Layout(opening=0))
    assert cut.words == ["修路", "吵", ",", "修路"]
    shares = cut.shares
    assert (shares.words, shares.silent.tolist()) == (["修路", "吵", ","], [False, True, True])
    of_keys = np.bincount(shares.rows, shares.parts)
    np.testing.assert_allclose(of_keys, np.ones(len(cut.spans.keys)))
    (pair,) = cut.spans.rows[(cut.spans.starts == 1) & (cut.spans.lengths == 2)]  # 路吵
    here = shares.rows == pair
    assert list(zip(shares.places[here].tolist(), shares.parts[here].tolist(), strict=True)) == [(0, 0.5), (1, 0.5)]


def test_of_words_that_weigh_the_same_the_first_said_comes_first() -> None:
    cut = Cut.of("停水停电", Layout(order=1, opening=0))
    assert cut.words == ["停水", "停电"]
    carries = np.zeros(len(cut.spans.keys))
    carries[cut.spans.rows[-2:]] = [0.1 + 0.2, 0.3]  # the words' own keys; they differ in the last bit
    assert [why.text for why in _reasons(cut.shares, carries)] == ["停水", "停电"]
    carries[cut.spans.rows[-2:]] = [0.3, 0.1 + 0.2]
    assert [why.text for why in _reasons(cut.shares, carries)] == ["停水", "停电"]


def test_familiarity_counts_what_is_known(small_model: Classifier) -> None:
    known, of = small_model.familiarity("停水了")
    assert 0 < known <= of
    assert small_model.familiarity("xyz") == (0, 3 + 2 + 1 + 3 + 2 + 1)  # letters, pairs, the word; and as opening
    assert small_model.familiarity("") == (0, 0)


def test_traditional_and_full_width_characters_are_read_as_usual_ones(small_model: Classifier) -> None:
    assert small_model.classify("學校老師體罰學生")[0] == small_model.classify("学校老师体罚学生")[0]
    assert small_model.classify("ＡＢ停水")[0] == small_model.classify("ab停水")[0]


@pytest.mark.parametrize("text", ["水", "", "\n", "\n\n停水", "停\n", "a" * 100_000, "水" * 30_000, "\ud83d停水"])
def test_any_text_gets_an_answer(small_model: Classifier, text: str) -> None:
    assert len(small_model.classify(text)) == 3


def test_a_text_cut_for_one_model_serves_another(small_model: Classifier) -> None:
    said = join_fields("停水两天", "停水两天了没人管")
    for layout in (small_model.vocabulary.layout, Layout(order=1, opening=0)):
        assert small_model.classify(Cut.of(said, layout)) == small_model.classify(said)


def test_a_sign_that_stands_for_many_characters_makes_the_text_longer_than_was_said() -> None:
    layout = Layout(order=1, opening=0)
    found = Cut.of("\ufdfa" * LONGEST, layout)
    assert len(found.text) > LONGEST
    assert set(Cut.of("\ufdfa", layout).spans.keys.tolist()) <= set(found.spans.keys.tolist())


def test_threads_get_the_answers_one_thread_gets(small_model: Classifier) -> None:
    texts = small_examples().texts[:40]
    alone = [small_model.classify(text) for text in texts]
    together: list[list[tuple[Choice, ...]]] = []

    def ask() -> None:
        together.append([small_model.classify(text) for text in texts])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [alone] * 4
