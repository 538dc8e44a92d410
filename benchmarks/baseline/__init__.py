"""The plainest Django that does comparable work, served as the product is: what the figures are compared with."""
