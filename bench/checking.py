"""How long checking takes: 500 sentences and their human translations through the use case of `POST /v1/check`.

`python -m bench.checking --data DIR [--model ID]`. The bar is 10 seconds with a model of opus-mt's shape on two cores.
Processor time per pair is compared with that of translating a sentence, too: on a machine that is busy both are slow,
and what one costs in terms of the other stays.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from bench.checks import DATA_VARIABLE, read_sets
from bench.outputs import opened
from service.checks.suite import PairChecks
from service.core.checker import Checker
from service.core.router import Router
from service.core.types import RequestContext

BAR = 10.0
COUNT = 500
_TRANSLATED = 48
_LONG = 250


def main() -> None:
    """Print the figures of three runs, the best of which counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get(DATA_VARIABLE), help=f"or {DATA_VARIABLE}")
    parser.add_argument("--model", default="starter-de-en")
    arguments = parser.parse_args()
    with opened(arguments.model) as model:
        sets = read_sets(Path(arguments.data), model.source_lang, model.target_lang) if arguments.data else {}
        pairs = [pair for pairs in sets.values() for pair in pairs]
        if len(pairs) < 3 * COUNT:
            parser.error(f"give a folder with newstest20??.{model.source_lang} and .{model.target_lang}")
        worked = time.process_time()
        model.first([source for source, _ in pairs if len(source) < _LONG][:_TRANSLATED])
        translating = (time.process_time() - worked) / _TRANSLATED
        print(f"translating takes {translating * 1000:.0f} ms of a processor a sentence")
        checker = Checker(checks=PairChecks(), router=Router([model.served]))
        for run in range(3):
            chosen = pairs[run * COUNT : (run + 1) * COUNT]
            began, worked = time.perf_counter(), time.process_time()
            result = checker.check(chosen, model.source_lang, model.target_lang, RequestContext.within(600))
            seconds, processor = time.perf_counter() - began, time.process_time() - worked
            known = sum(item.certainty is not None for item in result.items)
            print(
                f"{COUNT} pairs, {known} with certainty: {seconds:.1f} s, {processor:.1f} processor seconds; "
                f"a pair costs {processor / COUNT / translating:.2f} of a translation"
            )


if __name__ == "__main__":
    main()
