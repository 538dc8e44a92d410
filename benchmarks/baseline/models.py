"""One table for the one insert."""

from django.db import models


class Kept(models.Model):
    """A message as it came."""

    external_id = models.CharField(max_length=200, unique=True)
    body = models.BinaryField()

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return self.external_id
