"""As Django has it, but for a month without a leading nought: 1月5日."""

MONTH_DAY_FORMAT = "n月j日"
