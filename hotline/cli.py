"""The one command users type: `hotline …`; each command is a module with `add_arguments` and `run`."""

import argparse
import importlib
import sys
from collections.abc import Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("hotline.demo.commands.demo", "run the demonstration city on this machine"),
    "simulate": ("hotline.demo.simulate.command", "send real traffic in true wire formats to a running server"),
    "serve": ("hotline.commands.serve", "serve pages, interface and sockets"),
    "worker": ("hotline.commands.worker", "do the background work"),
    "sms": ("hotline.commands.sms", "hold the links to the SMS gateways (SMPP, CMPP)"),
    "telephony": ("hotline.commands.telephony", "answer the telephone exchange"),
    "call": ("hotline.commands.call", "place a real telephone call and see what becomes of it"),
    "check-pbx": ("hotline.commands.check_pbx", "ask the telephone exchange whether it is set up for us"),
    "doctor": ("hotline.commands.doctor", "check the installation and say how to mend it"),
    "backup": ("hotline.commands.backup", "keep the database and all files in a new folder"),
    "restore": ("hotline.commands.restore", "bring a backup into an empty database and empty folders"),
    "verify-ledger": ("hotline.commands.verify_ledger", "prove the ledger, or name the first broken line"),
    "measure-dispatch": ("hotline.commands.measure_dispatch", "measure which matters may be dispatched by themselves"),
    "fold-scores": ("hotline.commands.fold_scores", "bring the scores by day up to now, or count all anew"),
    "retrain": ("hotline.commands.retrain", "learn from what people decided; use it where it is better"),
    "train-departments": ("hotline.commands.train_departments", "learn from the ledger which unit had what"),
    "evaluate-departments": (
        "nlp.training.commands.evaluate_departments",
        "measure how units are learnt from a CSV of dispatches",
    ),
    "replay-month": ("hotline.commands.replay_month", "show who would have got last month's tickets by a change"),
    "study": ("hotline.commands.study", "work out hot issues or a replay that a supervisor asked for"),
    "import-places": ("hotline.commands.import_places", "take the city's places from a table: areas, roads, estates"),
    "train": ("nlp.training.commands.train", "train a classifier from a CSV"),
    "evaluate": ("nlp.training.commands.evaluate", "measure a classifier on a CSV"),
    "crossvalidate": ("nlp.training.commands.crossvalidate", "measure what a CSV teaches, with the spread over folds"),
    "evaluate-places": ("nlp.training.commands.evaluate_places", "measure how well places are read"),
    "hot-issues": ("nlp.training.commands.hot_issues", "find the hottest issues of a table of messages"),
    "train-urgency": ("nlp.training.commands.train_urgency", "train the small model of danger"),
    "evaluate-urgency": ("nlp.training.commands.evaluate_urgency", "measure the alarms on marked sentences"),
    "check-replies": (
        "nlp.training.commands.check_replies",
        "rank units' answers, the worst first, with reasons",
    ),
    "evaluate-titles": ("nlp.training.commands.evaluate_titles", "compare our titles with those that people wrote"),
    "classify": ("nlp.training.commands.classify", "classify lines of text from stdin"),
    "transcribe": ("nlp.speech.commands.transcribe", "turn sound files into text"),
    "fetch-model": ("nlp.speech.commands.fetch_model", "fetch a speech model, or take it from a file"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command named in `argv` (default: the process's own) and return its exit status.

    Only the named command's module is imported, so that each starts as fast as it can.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="hotline", description="An open 12345 government hotline.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        if words[:1] == [name]:
            importlib.import_module(module).add_arguments(command)
    args = parser.parse_args(words)
    status: int = importlib.import_module(COMMANDS[args.command][0]).run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
