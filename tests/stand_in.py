"""A minimal format of tasks for the tests of sessions: labels alone, of the scheme."""

from collections.abc import Mapping

from rift import guidelines
from rift.annotations.layer import Markup, Span
from rift.corpus.document import Document
from rift.session.form import DOC


class StandIn:
    """Spans with their labels, nothing else."""

    def config(self) -> str:
        """Return a configuration with the scheme's labels."""
        labels = "".join(f'<Label value="{name}"/>' for name in guidelines.scheme().labels)
        text = '<Text name="text" value="$text"/>'
        return f'<View><Labels name="label" toName="text">{labels}</Labels>{text}</View>'

    def task(self, document: Document, pre: Markup | None) -> Mapping[str, object]:
        """Return the text with the spans of `pre` as one prediction."""
        task: dict[str, object] = {"data": {DOC: document.id, "text": document.text}}
        if pre is not None:
            results = [result(span, document.text) for span in pre.spans]
            task["predictions"] = [{"model_version": pre.layer, "result": results}]
        return task


def result(span: Span, text: str) -> Mapping[str, object]:
    """Return a span as the server takes it, in a prediction as in an annotation."""
    value = {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [span.label]}
    return {"id": span.id, "from_name": "label", "to_name": "text", "type": "labels", "value": value}
