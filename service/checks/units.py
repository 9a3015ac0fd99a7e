from service.checks.finder import Finder


def units(source_lang: str, target_lang: str) -> Finder | None:
    return None
