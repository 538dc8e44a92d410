"""The command line of the models: train, evaluate, classify."""
