"""The product's own settings (middleware, pool, channel layer) with the baseline's table and addresses."""

from hotline.settings import *  # noqa: F403, TID251
from hotline.settings import INSTALLED_APPS as PRODUCT_APPS  # noqa: TID251

INSTALLED_APPS = [*PRODUCT_APPS, "benchmarks.baseline"]
ROOT_URLCONF = "benchmarks.baseline.urls"
