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


def ln(x):
    """As src/engine/elementary.ts, operation for operation, like the two below."""
    if x <= 0:
        raise Unreadable
    mantissa, doublings = x, 0
    while mantissa > SQRT2:
        mantissa, doublings = mantissa / 2, doublings + 1
    while mantissa < SQRT1_2:
        mantissa, doublings = mantissa * 2, doublings - 1
    ratio = (mantissa - 1) / (mantissa + 1)
    square, total = ratio * ratio, 0.0
    for power in range(25, 0, -2):
        total = total * square + 1 / power
    return 2 * ratio * total + doublings * LN2


def exp(x):
    if x > 700:
        raise Unreadable
    if x < -700:
        return 0.0
    rest, doublings = x, 0
    while rest > LN2 / 2:
        rest, doublings = x - (doublings + 1) * LN2, doublings + 1
    while rest < -LN2 / 2:
        rest, doublings = x - (doublings - 1) * LN2, doublings - 1
    total = 1.0
    for term in range(16, 0, -1):
        total = 1 + (rest / term) * total
    for _ in range(doublings):
        total *= 2
    for _ in range(-doublings):
        total /= 2
    return total


def normal_cdf(x):
    if abs(x) > 8.3:
        return float(x > 0)
    term = total = x
    odd = 3
    while abs(term) > 1e-17 * abs(total):
        term *= (x * x) / odd
        total += term
        odd += 2
    return 0.5 + (total * exp((-x * x) / 2)) / math.sqrt(2 * math.pi)


LN2, SQRT2, SQRT1_2 = 0.6931471805599453, 1.4142135623730951, 0.7071067811865476
FUNCTIONS = {"ln": ln, "exp": exp, "N": normal_cdf}


class Reader:
    def __init__(self, expression):
        if len(expression) > LONGEST_EXPRESSION:
            raise Unreadable
        self.tokens = re.findall(r"\d+(?:\.\d+)?|[<>]=?|[-+*/^()]|ln|exp|N|\S", expression, re.ASCII)
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
        if token in FUNCTIONS:
            self.place += 1
            if self.peek() != "(":
                raise Unreadable
            return bounded(FUNCTIONS[token](self.operand()))
        if not re.fullmatch(r"\d+(\.\d+)?", token, re.ASCII):
            raise Unreadable
        self.place += 1
        return bounded(float(token))
