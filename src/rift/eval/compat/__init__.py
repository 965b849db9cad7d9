"""Drop-in functions for seqeval, nervaluate and the metric of Hugging Face, over RIFT's own matching and statistics."""

from rift.eval.compat.evaluator import EvaluationIndices as EvaluationIndices
from rift.eval.compat.evaluator import EvaluationResult as EvaluationResult
from rift.eval.compat.evaluator import Evaluator as Evaluator
from rift.eval.compat.sequences import accuracy_score as accuracy_score
from rift.eval.compat.sequences import classification_report as classification_report
from rift.eval.compat.sequences import compute as compute
from rift.eval.compat.sequences import f1_score as f1_score
from rift.eval.compat.sequences import precision_score as precision_score
from rift.eval.compat.sequences import recall_score as recall_score
