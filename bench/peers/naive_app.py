"""The translation service that most teams would write: Flask, transformers, one request at a time.

It stands for what a benchmark compares with, so it is kept plain: no queue, no cache, no checks.
"""

from __future__ import annotations

import os
from pathlib import Path

import torch
from flask import Flask, Response, jsonify, request
from transformers import MarianMTModel, MarianTokenizer

from bench.peers.naive import BATCH_VARIABLE, SNAPSHOT_VARIABLE
from bench.peers.sentences import split


def create_app(snapshot: Path | None = None) -> Flask:
    """`POST /translate` with {"text": German} -> {"text": English}. The environment names the model's folder.

    It may also set how many sentences of a request go through the model at once; one by one is the default.
    """
    at_once = int(os.environ.get(BATCH_VARIABLE, "1"))
    folder = str(snapshot or os.environ[SNAPSHOT_VARIABLE])
    tokenizer = MarianTokenizer.from_pretrained(folder)
    model = MarianMTModel.from_pretrained(folder).eval()
    # transformers stops after 20 tokens where a snapshot names no length of its own.
    length = model.generation_config.max_length or model.config.max_position_embeddings
    app = Flask(__name__)

    @app.post("/translate")
    def translate() -> Response:
        paragraphs = [split(paragraph) for paragraph in request.get_json()["text"].split("\n")]
        german = [sentence for paragraph in paragraphs for sentence in paragraph]
        english: list[str] = []
        for first in range(0, len(german), at_once):
            batch = tokenizer(german[first : first + at_once], return_tensors="pt", padding=True, truncation=True)
            with torch.inference_mode():
                tokens = model.generate(**batch, max_length=length)
            english += tokenizer.batch_decode(tokens, skip_special_tokens=True)
        rest = iter(english)
        return jsonify(text="\n".join(" ".join(next(rest) for _ in paragraph) for paragraph in paragraphs))

    return app
