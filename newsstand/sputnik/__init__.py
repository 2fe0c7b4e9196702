"""it.sputniknews.com: Rossiya Segodnya's own system, its templates of 2014-2021 (g1) and since (g2)."""
