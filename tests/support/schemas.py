"""Holds a value against a published JSON schema."""

import json
from pathlib import Path

import fastjsonschema

PUBLISHED = Path(__file__).resolve().parents[2] / "tui"


def problems_of(value, schema):
    """Return what is wrong with `value`; nothing if it is as published."""
    try:
        fastjsonschema.compile(json.loads((PUBLISHED / schema).read_text(encoding="utf-8")))(value)
    except fastjsonschema.JsonSchemaValueException as error:
        return [error.message]
    return []
