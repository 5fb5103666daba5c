"""Training of the models that ship: one module a model, each runnable, deterministic, from labelled files."""
