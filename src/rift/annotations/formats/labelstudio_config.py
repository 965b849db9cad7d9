"""The labelling configuration of Label Studio, made from the label scheme and the knowledge files (tags of 1.23)."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rift.guidelines import Actor, Attribute, Knowledge, Place, Scheme, names

TEXT = "text"
"""The name of the tag that shows the text, and the key under which a task's data hold it."""

PUBLISHED = "published"
"""The key under which a task's data hold the day of publication, which relative dates count from."""

LABELS = "label"
"""The name of the tag that gives regions their label."""

_STYLE = """
.rift-top { position: sticky; top: 0; z-index: 2; background: var(--color-neutral-background);
  display: flex; justify-content: space-between; align-items: center; }
.rift-top h4 { margin: 0 !important; font-size: 13px; font-weight: 400; }
.rift-text .lsf-richtext__container { font-size: 15px; line-height: 20px; }
.rift-row { display: grid; grid-template-columns: 72px 1fr; align-items: start; margin-bottom: 8px; }
.rift-row h4 { margin: 3px 0 0 !important; font-size: 13px; line-height: 18px; font-weight: 400; }
.rift-row .lsf-choices { margin: 0; display: flex; flex-wrap: wrap; gap: 2px 10px; }
.rift-row .lsf-choice, .rift-row .lsf-choice__item { margin: 0; padding: 0; }
.rift-row .lsf-choice__checkbox { font-size: 13px; line-height: 22px; margin: 0; padding: 0; }
.rift-row .lsf-hint { display: none; }
.rift-row input { height: 30px; }
.rift-row form, .rift-row .ant-form-item { margin: 0; }
.rift-row .ant-select-selection-item-content, .htx-taxonomy-dropdown .ant-select-tree-title {
  display: block; max-width: 340px; white-space: nowrap !important; overflow: hidden; text-overflow: ellipsis; }
.rift-row .ant-select-selection-item { max-width: 190px; }
.relations-overlay { opacity: 0.15; }
"""
"""Keeps an article of 300 words and the attributes of any label on one screen of 1280 by 800 pixels."""

_NO_KEY = "f19"
"""A key that keyboards lack. Without one, each choice gets a letter, which acts on regions of other labels too."""


def control(label: str, attribute: str) -> str:
    """Return the name of the tag, a result's `from_name`, that holds an attribute of a label."""
    return f"{label}-{attribute}"


def free_control(label: str, attribute: str) -> str:
    """Return the name of the tag for an id that the knowledge files lack, beside that for one of theirs."""
    return f"{control(label, attribute)}-new"


def label_keys(scheme: Scheme) -> dict[str, str]:
    """Return the key of each label: its first letter, or its number where two labels begin with the same.

    A letter, since a field of numbers takes none: a key that is pressed while one is open must not change a figure.
    """
    letters = {name: name[0].lower() for name in scheme.labels}
    if len(set(letters.values())) == len(letters):
        return letters
    return {name: str(number) for number, name in enumerate(scheme.labels, start=1)}


def config(scheme: Scheme, knowledge: Knowledge) -> str:
    """Return the configuration as XML: the text on the left, the selected region's attributes on its right.

    Labels have the keys of `label_keys` and the scheme's colours. An attribute is a control for each region of its
    label: boxes for a closed list and for a flag, a number for a count, a line of text for a date; an id of the
    knowledge files is searched for by any of its names, or typed where they lack it. Links are relations from the
    region that has them.
    """
    view = Element("View", style="display: flex; align-items: flex-start; gap: 16px")
    SubElement(view, "Style").text = _STYLE
    left = SubElement(view, "View", className="rift-text", style="flex: 1; min-width: 0")
    top = SubElement(left, "View", className="rift-top")
    labels = SubElement(top, "Labels", name=LABELS, toName=TEXT)
    keys = label_keys(scheme)
    for name, label in scheme.labels.items():
        SubElement(labels, "Label", value=name, background=label.colour, hotkey=keys[name], hint=label.gloss)
    SubElement(top, "Header", value=f"${PUBLISHED}", size="6")
    SubElement(left, "Text", name=TEXT, value=f"${TEXT}", granularity="symbol")
    relations = SubElement(left, "Relations")
    for link in dict.fromkeys(link for label in scheme.labels.values() for link in label.links):
        SubElement(relations, "Relation", value=link)
    right = SubElement(view, "View", style="width: 300px; position: sticky; top: 0")
    for name, label in scheme.labels.items():
        box = SubElement(right, "View", visibleWhen="region-selected", whenLabelValue=name)
        for key, attribute in label.attributes.items():
            row = SubElement(box, "View", className="rift-row")
            SubElement(row, "Header", value=key, size="6")
            kinds = label.attributes["kind"].values if "kind" in label.attributes else ()
            _add_control(SubElement(row, "View"), name, key, attribute, knowledge, kinds)
    indent(view)
    return tostring(view, encoding="unicode")


def _add_control(
    parent: Element, label: str, key: str, attribute: Attribute, knowledge: Knowledge, kinds: Sequence[str]
) -> None:
    common = {"name": control(label, key), "toName": TEXT, "perRegion": "true"}
    match attribute.type:
        case "choice" | "flag":
            kind = "single" if attribute.type == "choice" else "multiple"
            choices = SubElement(parent, "Choices", common, choice=kind, showInline="true")
            for value in attribute.values or (key,):
                SubElement(choices, "Choice", value=value, hotkey=_NO_KEY)
        case "count":
            SubElement(parent, "Number", common, min="0", step="1")
        case "edtf":
            SubElement(parent, "TextArea", common, rows="1", maxSubmissions="1", editable="true")
        case "actor" | "place":
            entries = knowledge.actors if attribute.type == "actor" else knowledge.places
            _add_entries(SubElement(parent, "Taxonomy", {**common, **_SEARCH}), entries, kinds)
            free = {**common, "name": free_control(label, key), "placeholder": "id of a new one"}
            SubElement(parent, "TextArea", free, rows="1", maxSubmissions="1", editable="true")


_SEARCH = {
    "leafsOnly": "true", "showFullPath": "false", "maxUsages": "1", "placeholder": "search by name",
    "minWidth": "228px", "maxWidth": "228px", "dropdownWidth": "420px",
}  # fmt: skip


def _add_entries(parent: Element, entries: Mapping[str, Actor] | Mapping[str, Place], kinds: Sequence[str]) -> None:
    """Add the entries by kind, in the order of `kinds`: a settlement comes before a facility that is named after it.

    All their names are shown, since the search looks through what is shown.
    """
    boxes: dict[str, Element] = {}
    for key in sorted(entries, key=lambda key: kinds.index(entries[key].kind)):
        entry = entries[key]
        if entry.kind not in boxes:
            boxes[entry.kind] = SubElement(parent, "Choice", value=entry.kind)
        shown = {name.casefold(): name for name in reversed(names(entry))}
        SubElement(boxes[entry.kind], "Choice", value=", ".join(reversed(shown.values())), alias=key)
