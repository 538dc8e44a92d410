"""What can go wrong in nlp, as one tree a caller can catch whole or in part.

NlpError
├── DataError      the table given for training or evaluation cannot be used; says which row or column
└── ModelRefused   a model folder is missing, altered, or holds something that is not plain numbers
"""


class NlpError(Exception):
    """Base of every error this package raises on purpose."""


class DataError(NlpError):
    """The table cannot be used as it is."""


class ModelRefused(NlpError):
    """The model folder must not be loaded."""
