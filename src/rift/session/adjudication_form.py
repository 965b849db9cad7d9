"""The tasks of an adjudication: a document, what two annotators say of it, and where they differ."""

import html
from collections.abc import Mapping, Sequence

from rift.annotations.layer import Layer, Markup
from rift.corpus.document import Document
from rift.eval.decisions import reason_codes
from rift.eval.differences import Difference
from rift.eval.wording import describe
from rift.session.form import Form
from rift.session.instructions import how_to_mark, styled

REASONS = "reasons"
"""The name of the control into which reasons are typed, a line a difference: number, reason code, note."""

_CONTROLS = f"""
  <View>
    <Header value="Differences: number, kind, A, B, place" size="6"/>
    <Text name="differences" value="$differences" selectionEnabled="false"/>
    <Header value="Reasons: number, code and perhaps a note, a line each" size="6"/>
    <TextArea name="{REASONS}" toName="text" rows="5" editable="true" placeholder="1 slip"/>
  </View>
"""


class AdjudicationForm:
    """A form whose tasks have two predictions, named by layer, with the numbered differences below the text."""

    def __init__(self, form: Form, a: Layer, b: Layer, found: Sequence[Difference]) -> None:
        self._form = form
        self._sides = (a, b)
        self._found = found

    def config(self) -> str:
        """Return the configuration of the form with a control for reasons."""
        return f"<View>\n{self._form.config()}{_CONTROLS}</View>"

    def task(self, document: Document, pre: Markup | None) -> Mapping[str, object]:
        """Return a document with the spans of both annotators as predictions; `pre` is passed over."""
        del pre
        tasks = [self._form.task(document, side.markups[document.id]) for side in self._sides]
        predictions = [prediction for task in tasks for prediction in _listed(task["predictions"])]
        return {
            "data": {**_mapped(tasks[0]["data"]), "differences": self._listed(document)},
            "predictions": predictions,
        }

    def _listed(self, document: Document) -> str:
        return "\n".join(_numbered(item, document) for item in self._found if item.doc == document.id)


def _numbered(item: Difference, document: Document) -> str:
    return f"{item.number}. {describe(item, document)}".replace("\t", "   ")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mapped(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def instructions(a: str, b: str, found: Sequence[Difference], documents: Mapping[str, Document]) -> str:
    """Return what an adjudicator is to do, as HTML: the steps, the reason codes, every difference, how to mark."""
    codes = "".join(
        f"<tr><td><code>{html.escape(code)}</code></td><td>{html.escape(meaning)}</td></tr>"
        for code, meaning in reason_codes().items()
    )
    listed = "".join(
        f"<h3>{html.escape(doc)}</h3><p>"
        + "<br>".join(html.escape(_numbered(item, documents[doc])) for item in found if item.doc == doc)
        + "</p>"
        for doc in dict.fromkeys(item.doc for item in found)
    )
    return styled(f"""<h2>Adjudication</h2>
<p>A is {html.escape(a)}, B is {html.escape(b)}.</p>
<ol>
<li>Open each task from the list of tasks, by its row: only so has it tabs, one for each annotator, by name, and one of
your own. Those of the annotators cannot be changed.</li>
<li>Your own tab begins with the spans of one of the two. To begin with the other's, open the menu &#8942; of their tab
and choose <em>Duplicate Annotation</em>; go on in the tab that this opens.</li>
<li>Make your annotation what gold is to be. Whom gold follows is read off it.</li>
<li>Below the text, type a line for each numbered difference: its number, a reason code, and perhaps a note, such as
<code>1 slip</code>. A line with the number 0 may say why you changed what both have alike.</li>
<li>Press <em>Submit</em>.</li>
<li>To mend, open the task again and press <em>Update</em> at the end. To change reasons, press the pencil beside them.
A new reason counts only after <em>Add</em> (Shift+Enter).</li>
</ol>
<h2>Reason codes</h2><table>{codes}</table>
<h2>Differences</h2>{listed}
{how_to_mark()}
""")
