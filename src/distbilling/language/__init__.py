"""How is it said? Locale formats and message catalogues: the only room that imports Babel, and only when first used."""
