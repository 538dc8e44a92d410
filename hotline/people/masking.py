"""How a citizen's name and phone are shown to those who do not need the whole of them."""


def mask_name(name: str) -> str:
    """Keep the first character: 张三丰 → 张**; empty stays empty."""
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """Keep three digits before and four after: 13800000000 → 138****0000; shorter than 8 is all hidden."""
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
