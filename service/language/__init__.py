"""What depends on a language, in one place: codes, numbers, words, abbreviations, stems. Beside the core."""
