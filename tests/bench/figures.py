"""What the bench measures, as values with their bounds, and how they are printed."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str
    """Unit of `value` and `floor`; empty for plain numbers."""
    floor: float | None = None
    """The same work done by the least program that can do it, measured in the same run; None where there is none."""
    bound: float | None = None
    """What the number, or its ratio to the floor where `is_ratio`, may be at most, or at least where `is_least`; None promises nothing."""
    is_ratio: bool = False
    is_least: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """Whether the bound holds; None without one."""
        judged = self.ratio if self.is_ratio else self.value
        if self.bound is None or judged is None:
            return None
        return judged >= self.bound if self.is_least else judged <= self.bound


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table."""
    rows = ["| measured | value | floor | ratio | bound | |", "|---|---:|---:|---:|---:|---|"]
    rows += map(_row, figures)
    return "\n".join(rows)


def _row(figure: Figure) -> str:
    floor = _number(figure.floor, figure.unit) if figure.floor is not None else ""
    ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
    sign = "≥" if figure.is_least else "≤"
    bound = "" if figure.bound is None else f"{sign} {_number(figure.bound, '' if figure.is_ratio else figure.unit)}"
    verdict = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    return f"| {figure.name} | {_number(figure.value, figure.unit)} | {floor} | {ratio} | {bound} | {verdict} |"


def _number(value: float, unit: str) -> str:
    text = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return f"{text} {unit}".strip()
