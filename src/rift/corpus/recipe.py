"""Recipes: lists of cleaning steps as data, checked and carried out."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from rift.corpus import clean, clean_wire
from rift.corpus.reversal import StepError, restore_reversed_sections

Call = Mapping[str, str | int | Sequence[str]]
"""One step of a recipe: its name under `step`, and its arguments by name."""

_FUNCTIONS: Sequence[Callable[..., str]] = (
    clean.normalise_spaces,
    clean.keep_from,
    clean.drop_from,
    clean.drop_lines,
    clean.drop_block,
    clean.strip_references,
    clean.unescape_quotes,
    clean.join_broken_lines,
    restore_reversed_sections,
    clean.lines_to_paragraphs,
    clean_wire.drop_debris,
    clean_wire.strip_headline,
    clean_wire.strip_opening,
    clean_wire.strip_closing,
    clean_wire.drop_doubled_lede,
    clean_wire.drop_passage,
)

STEPS: Mapping[str, Callable[..., str]] = {function.__name__: function for function in _FUNCTIONS}
"""Every step that a recipe may name: a function of the text, with keyword arguments."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a recipe: an issue code, a sentence, and the next step."""

    code: str
    message: str
    hint: str


def expand(recipe: Sequence[Call], named: Mapping[str, Sequence[Call]]) -> list[Call] | Fault:
    """Return `recipe` with each `{ recipe = NAME }` replaced by the steps named so, or the fault `unknown-recipe`."""
    calls: list[Call] = []
    for call in recipe:
        name = call.get("recipe")
        if name is None:
            calls.append(call)
        elif name in named and len(call) == 1:
            calls.extend(named[str(name)])
        else:
            return Fault("unknown-recipe", f"the recipe {name!r} is not known", f"known recipes: {', '.join(named)}")
    return calls


def recipe_faults(recipe: Sequence[Call]) -> Iterator[Fault]:
    """Yield every unknown step (`unknown-step`) and wrong argument (`wrong-step-argument`) of `recipe`, in order.

    Nothing for a recipe that can be tried; an empty one can.
    """
    for number, call in enumerate(recipe, start=1):
        name = call.get("step")
        if name not in STEPS:
            message = f"step {number} of the recipe, {name!r}, is not known"
            yield Fault("unknown-step", message, f"known steps: {', '.join(STEPS)}")
            continue
        for message in _argument_faults(STEPS[str(name)], _arguments(call)):
            signature = ", ".join(str(known) for known in _parameters(STEPS[str(name)]).values()) or "none"
            text = f"step {number} of the recipe, {name!r}: {message}"
            yield Fault("wrong-step-argument", text, f"arguments: {signature.replace('*, ', '')}")


def apply_recipe(recipe: Sequence[Call], text: str) -> str:
    """Return `text` after every step of a recipe without faults; an empty recipe gives `text` itself.

    Raises StepError, which names the step, where one does not fit the text.
    """
    for number, call in enumerate(recipe, start=1):
        name = str(call["step"])
        try:
            text = STEPS[name](text, **_arguments(call))
        except StepError as error:
            raise StepError(f"step {number} of the recipe, {name!r}, does not fit: {error}") from error
    return text


def _arguments(call: Call) -> dict[str, str | int | Sequence[str]]:
    return {key: value for key, value in call.items() if key != "step"}


def _parameters(step: Callable[..., str]) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(step).parameters
    return {key: parameter for key, parameter in parameters.items() if parameter.kind is parameter.KEYWORD_ONLY}


def _argument_faults(step: Callable[..., str], arguments: Mapping[str, object]) -> Iterator[str]:
    parameters = _parameters(step)
    for key in arguments.keys() - parameters.keys():
        yield f"the argument {key!r} is not known"
    for key, parameter in parameters.items():
        if key not in arguments:
            if parameter.default is parameter.empty:
                yield f"the argument {key!r} is missing"
            continue
        try:
            msgspec.convert(arguments[key], parameter.annotation)
        except msgspec.ValidationError as error:
            yield f"{key!r}: {error}"
