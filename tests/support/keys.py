"""The bytes a terminal sends for keys, clicks and pastes. Pure; sends nothing itself."""

from __future__ import annotations

_NAMED = {
    "enter": "\r",
    "esc": "\x1b",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "backspace": "\x7f",
    "comma": ",",
    "plus": "+",
    "shift+tab": "\x1b[Z",
    "ctrl+space": "\x00",
}
_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
_FUNCTION = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
_TILDE = {
    "insert": 2,
    "delete": 3,
    "pgup": 5,
    "pageup": 5,
    "pgdn": 6,
    "pagedown": 6,
    "f5": 15,
    "f6": 17,
    "f7": 18,
    "f8": 19,
    "f9": 20,
    "f10": 21,
    "f11": 23,
    "f12": 24,
}
_MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4}


def key_bytes(name: str, *, application_cursor: bool = False) -> bytes:
    """Return what xterm sends for a key such as ``j``, ``esc``, ``ctrl+d``, ``alt+x`` or ``ctrl+up``.

    Args:
        name: One character, or a name in lower case; modifiers stand before it, joined by ``+``.
        application_cursor: Whether the program asked for DECCKM (mode 1).

    Raises:
        ValueError: The name is no key.
    """
    if len(name) == 1 or name in _NAMED:
        return _NAMED.get(name, name).encode()
    *modifiers, key = name.split("+")
    if unknown := [modifier for modifier in modifiers if modifier not in _MODIFIERS]:
        raise ValueError(f"key {name!r} has an unknown modifier {unknown[0]!r}")
    return (_character(key, modifiers) or _special(key, modifiers, application_cursor)).encode()


def paste_bytes(text: str, *, bracketed: bool) -> bytes:
    """Return a paste; line feeds become carriage returns, as terminals do."""
    body = text.replace("\r\n", "\r").replace("\n", "\r")
    return (f"\x1b[200~{body}\x1b[201~" if bracketed else body).encode()


def mouse_bytes(button: int, x: int, y: int, *, released: bool = False) -> bytes:
    """Return an SGR mouse report; `x` and `y` are cells from 0."""
    return f"\x1b[<{button};{x + 1};{y + 1}{'m' if released else 'M'}".encode()


def _character(key: str, modifiers: list[str]) -> str:
    """Return the bytes of a letter or plain key with modifiers; empty for cursor and function keys."""
    if (len(key) != 1 and key not in _NAMED) or "shift" in modifiers:
        return ""
    character = _NAMED.get(key, key)
    if "ctrl" in modifiers:
        character = chr(ord(character.upper()) & 0x1F)
    return "\x1b" + character if "alt" in modifiers else character


def _special(key: str, modifiers: list[str], application_cursor: bool) -> str:
    code = 1 + sum(_MODIFIERS[modifier] for modifier in modifiers)
    if key in _TILDE:
        return f"\x1b[{_TILDE[key]}~" if code == 1 else f"\x1b[{_TILDE[key]};{code}~"
    if final := (_CURSOR | _FUNCTION).get(key):
        if code > 1:
            return f"\x1b[1;{code}{final}"
        return f"\x1bO{final}" if application_cursor or key in _FUNCTION else f"\x1b[{final}"
    raise ValueError(f"no key is called {key!r}")
