"""Billing rules for distributors: what they earn and owe, who may do what, when periods close.

Names load when they are first used, so that importing the library costs next to nothing.

>>> from distbilling.rules.commission import commission_on
>>> commission_on(Money("10.00", "USD"), Percent("15")).owed
Money('8.50', 'USD')
"""

from importlib import import_module

_modules: dict[str, str] = {}
"""The module of each public name, as ``__init__.pyi`` imports it; read when one is asked for."""


def __getattr__(name: str) -> object:
    modules = _modules or _read_stub()
    if name == "__all__":
        return sorted(public for public, home in modules.items() if home != __name__)
    if name not in modules:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)

    home = import_module(modules[name])
    value = (
        import_module(f"{__name__}.{name}") if modules[name] == __name__ else getattr(home, name)
    )
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_modules or _read_stub())


def _read_stub() -> dict[str, str]:
    stub = __spec__.loader.get_data(f"{__file__}i").decode()
    words = stub.replace("(", "").split()
    _modules.update(
        {words[i + 1]: words[i - 1] for i, word in enumerate(words) if word == "import"}
    )
    return _modules
