"""The words that greet whoever starts the service: where it is, what serves, and what to try."""

from __future__ import annotations

from service import bootstrap

_EXAMPLE = "Der Ministerpräsident trat zurück."


def greeting(application: bootstrap.Application) -> str:
    """What to tell the user once the service is ready."""
    address = application.settings.url
    models = ", ".join(f"{model.info.id} ({model.info.tier})" for model in application.service.models())
    lines = [
        "",
        f"Depesche is ready on {address} with {application.reason}",
        f"  models  {models}",
        f"  docs    {address}/docs",
        "  try     " + f"curl -s {address}/v1/translate -H 'Content-Type: application/json' \\",
        f'            -d \'{{"text": "{_EXAMPLE}"}}\'',
    ]
    lines += [f"  note    {text}" for text in application.notices]
    return "\n".join((*lines, ""))
