"""Which models lead from one language to another."""

from __future__ import annotations

import pytest

from service.core.enums import Task
from service.core.errors import UnsupportedLanguage
from service.core.router import Router
from service.core.types import LanguagePair
from tests.core.fakes import served


def test_one_model_may_read_many_languages_and_write_many() -> None:
    romance = served(name="romance-en", sources=["fr", "es", "it"], targets=["en"])
    nordic = served(name="en-nordic", sources=["en"], targets=["sv", "da"])
    router = Router([romance, nordic])
    direct = {(pair.source_lang, pair.target_lang) for pair in router.pairs if not pair.pivot}
    assert direct == {("fr", "en"), ("es", "en"), ("it", "en"), ("en", "sv"), ("en", "da")}
    joined = {(pair.source_lang, pair.target_lang) for pair in router.pairs if pair.pivot}
    assert joined == {(source, target) for source in ("fr", "es", "it") for target in ("sv", "da")}
    assert router.languages == ["fr", "en", "es", "it", "sv", "da"]


def test_a_pivot_names_both_models_and_needs_both() -> None:
    router = Router([served(name="de-en", sources=["de"], targets=["en"])])
    assert router.find("de", "fr") is None
    router = Router([served(name="de-en"), served(name="en-fr", sources=["en"], targets=["fr"])])
    route = router.require("de", "fr")
    assert route.pivot
    assert route.writer.id == "en-fr"
    assert LanguagePair("de", "fr", Task.TRANSLATION, ("de-en", "en-fr"), pivot=True) in router.pairs


def test_no_language_is_translated_into_itself_by_a_detour() -> None:
    router = Router([served(name="de-en"), served(name="en-de", sources=["en"], targets=["de"])])
    assert all(pair.source_lang != pair.target_lang for pair in router.pairs)
    assert not any(pair.pivot for pair in router.pairs)


def test_the_order_of_a_profile_decides_between_two_models() -> None:
    house, romance = served(name="fr-en", sources=["fr"]), served(name="romance-en", sources=["fr", "es"])
    assert Router([house, romance]).require("fr", "en").writer.id == "fr-en"
    assert Router([romance, house]).require("fr", "en").writer.id == "romance-en"
    assert Router([house, romance]).require("es", "en").writer.id == "romance-en"


def test_what_is_not_served_is_refused_with_what_is() -> None:
    router = Router([served(name="de-en")])
    with pytest.raises(UnsupportedLanguage, match="no model goes from 'fr' to 'en'; supported: de→en"):
        router.require("fr", "en")
    with pytest.raises(UnsupportedLanguage, match="no model goes to 'nl'"):
        router.require("de", "nl")
