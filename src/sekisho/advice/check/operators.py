"""The operators of conditions, taken apart."""

from dataclasses import dataclass

QUANTIFIERS = ("ForAllValues:", "ForAnyValue:")
NEGATED = frozenset(
    {
        "StringNotEquals",
        "StringNotEqualsIgnoreCase",
        "StringNotLike",
        "NumericNotEquals",
        "DateNotEquals",
        "NotIpAddress",
        "ArnNotEquals",
        "ArnNotLike",
    }
)
FAMILIES = ("String", "Numeric", "Date", "Bool", "Binary", "Arn", "Null")


@dataclass(frozen=True, slots=True)
class Operator:
    """quantifier: with its colon, or empty. base: without IfExists."""

    quantifier: str
    base: str
    if_exists: bool

    @classmethod
    def read(cls, name: str) -> "Operator":
        """An operator as documents write it."""
        quantifier = next((each for each in QUANTIFIERS if name.startswith(each)), "")
        rest = name.removeprefix(quantifier)
        return cls(quantifier, rest.removesuffix("IfExists"), rest.endswith("IfExists"))

    @property
    def family(self) -> str:
        """String, Numeric, Date, Bool, Binary, Arn, Null or IpAddress."""
        for family in FAMILIES:
            if self.base.startswith(family):
                return family
        return "IpAddress"

    @property
    def negated(self) -> bool:
        return self.base in NEGATED

    def holds_if_absent(self, values: tuple[str, ...]) -> bool:
        """Whether a condition holds where the request has not the key (PE-149…PE-157)."""
        if self.base == "Null":
            if self.quantifier:
                return self.quantifier == "ForAllValues:"
            return "true" in map(str.lower, values)
        if self.quantifier:
            return self.if_exists or self.quantifier == "ForAllValues:"
        return self.if_exists or self.negated

    def named(self, base: str) -> str:
        """The operator with another base."""
        return f"{self.quantifier}{base}{'IfExists' if self.if_exists else ''}"
