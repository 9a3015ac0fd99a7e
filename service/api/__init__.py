"""The HTTP entrance: routes, schemas, errors as problem+json. Knows the core and Flask, no engine and no database."""
