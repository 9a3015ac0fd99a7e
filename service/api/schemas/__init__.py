"""Request and response bodies as pydantic models. `openapi.yaml` describes the same; a test compares the two."""
