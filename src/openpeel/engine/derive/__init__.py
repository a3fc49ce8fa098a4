"""Derivations: columns worked out from supplied ones, a disposable layer."""
