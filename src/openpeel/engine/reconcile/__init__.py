"""Our figure beside somebody else's, and the difference split by rule. Nothing else in the engine rests on it."""
