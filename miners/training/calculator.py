"""The runtime's calculator, rule for rule as src/engine/calculator.ts; its head says the grammar."""
import math
import re
from decimal import ROUND_HALF_UP, Decimal

FAILED = "ERR"
LONGEST_EXPRESSION, DEEPEST_NESTING, LARGEST_RESULT = 512, 32, 1e15


class Unreadable(Exception):
    """The expression does not parse, or a step of it is no number that the calculator knows."""


def calculate(expression):
    """The text fed back after `=`."""
    try:
        value = Reader(expression).whole()
    except (Unreadable, ZeroDivisionError, OverflowError):
        return FAILED
    if value.is_integer():
        return str(int(value))
    return str(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def bounded(value):
    if isinstance(value, complex) or not math.isfinite(value) or abs(value) >= LARGEST_RESULT:
        raise Unreadable
    return value


class Reader:
    def __init__(self, expression):
        if len(expression) > LONGEST_EXPRESSION:
            raise Unreadable
        self.tokens = re.findall(r"\d+(?:\.\d+)?|[<>]=?|[-+*/^()]|\S", expression, re.ASCII)
        self.place = self.depth = 0

    def whole(self):
        value = self.comparison()
        if self.place != len(self.tokens):
            raise Unreadable
        return value

    def peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, sign):
        found = self.peek() == sign
        self.place += found
        return found

    def comparison(self):
        left = self.sum()
        sign = self.peek()
        if sign not in (">", "<", ">=", "<="):
            return left
        self.place += 1
        right = self.sum()
        return float({">": left > right, "<": left < right, ">=": left >= right, "<=": left <= right}[sign])

    def sum(self):
        value = self.product()
        while True:
            if self.take("+"):
                value = bounded(value + self.product())
            elif self.take("-"):
                value = bounded(value - self.product())
            else:
                return value

    def product(self):
        value = self.signed()
        while True:
            if self.take("*"):
                value = bounded(value * self.signed())
            elif self.take("/"):
                value = bounded(value / self.signed())
            else:
                return value

    def signed(self):
        if self.depth >= DEEPEST_NESTING:
            raise Unreadable
        self.depth += 1
        value = bounded(0 - self.signed()) if self.take("-") else self.power()
        self.depth -= 1
        return value

    def power(self):
        base = self.operand()
        return bounded(base ** self.signed()) if self.take("^") else base

    def operand(self):
        if self.take("("):
            value = self.comparison()
            if not self.take(")"):
                raise Unreadable
            return value
        token = self.peek()
        if not re.fullmatch(r"\d+(\.\d+)?", token, re.ASCII):
            raise Unreadable
        self.place += 1
        return bounded(float(token))
