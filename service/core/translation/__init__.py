"""Text in, the same text in another language out: routes, languages, sentences put back where they stood."""
