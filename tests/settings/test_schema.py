"""The rows of the settings are complete."""

from collections import Counter

import pytest

from tui.settings import schema
from tui.settings.schema import OPTIONS, SETTINGS, Section, Setting
from tui.settings.values import SettingValue

KEPT = [setting for setting in SETTINGS if setting.is_kept]


def ids(setting):
    return setting.name


def test_every_row_is_in_the_table_once():
    rows = [value for value in vars(schema).values() if isinstance(value, Setting)]

    assert Counter(map(ids, rows)) == Counter(map(ids, OPTIONS))


def test_no_name_and_no_variable_is_of_two_settings():
    names = Counter(ids(setting) for setting in OPTIONS)
    variables = Counter(name for setting in OPTIONS for name in (setting.variable, *setting.aliases) if name)

    assert max(names.values()) == max(variables.values()) == 1


@pytest.mark.parametrize("setting", OPTIONS, ids=ids)
def test_a_row_says_what_its_option_is(setting):
    assert setting.help
    assert not setting.help.endswith(".")
    assert setting.is_switch == (setting.metavar is None)


@pytest.mark.parametrize("setting", KEPT, ids=ids)
def test_the_example_of_a_profile_is_a_value_of_the_setting(setting):
    example = setting.example
    text = (
        str(int(example)) if isinstance(example, bool) else example if isinstance(example, str) else " ".join(example)
    )

    value = setting.of({setting.name: SettingValue("example", text)})

    assert value == (example if setting.is_switch or setting.is_command else value)
    assert value is not None
    assert setting.comment


def test_a_setting_of_every_section_is_kept():
    assert {setting.section for setting in KEPT} == set(Section)


@pytest.mark.parametrize("setting", [setting for setting in SETTINGS if setting.group is None], ids=ids)
def test_a_setting_without_a_shared_option_is_one_that_config_init_writes(setting):
    assert setting.is_kept
