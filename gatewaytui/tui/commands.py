"""Every command of the console, once: its id, key and words. Bindings, footer, palette and help derive from it.

The id is ``SCOPE.NAME``: the scope is a pane's id, a screen's name or ``global``, where ``action_NAME`` does it.
Keys are re-mapped by id in the settings (``keymap``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from textual.binding import Binding
from textual.keys import format_key

_KEY_WORDS: Mapping[str, str] = MappingProxyType(
    {"escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "delete": "Del"}
)


class Command(msgspec.Struct, frozen=True):
    """One command. ``key`` may list several keys parted by commas; ``show`` puts it into the footer."""

    id: str
    key: str
    title: str
    help: str
    show: bool = True

    @property
    def scope(self) -> str:
        """Where the command works: a pane, a screen, or everywhere."""
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        """The action's name: ``action_<name>`` on the pane or screen of the scope."""
        return self.id.partition(".")[2]


GLOBAL = "global"
QUIT = Command("global.quit", "ctrl+q", "quit", "Leave the console.", show=False)

COMMANDS: tuple[Command, ...] = (
    Command("profiles.use", "enter", "use", "Point the whole console at this profile or group."),
    Command(
        "profiles.check", "c", "check", "List the models, then send one tiny chat: what works, and what does not."
    ),
    Command("profiles.add", "a", "add", "Add a profile from a preset or from nothing."),
    Command("profiles.edit", "e", "edit", "Change the profile."),
    Command("profiles.key", "s", "set key", "Give the key of this profile or group, or say where it is read from."),
    Command("profiles.duplicate", "d", "duplicate", "Add a copy of the profile under another name.", show=False),
    Command("profiles.remove", "x,delete", "remove", "Remove the profile and its keys; asks before."),
    Command("profiles.walkthrough", "w", "walkthrough", "Five steps from a base URL to a proven integration."),
    Command("profiles.doctor", "D", "doctor", "Run the doctor on this profile or group."),
    Command("profiles.evidence", "v", "evidence", "Preview the evidence of the last check.", show=False),
    Command("profiles.stop", "escape", "stop", "Stop the check that runs.", show=False),
    Command("doctor.run", "r", "run", "Examine the chosen target from the start: at most 24 requests, 2,000 tokens."),
    Command("doctor.group", "g", "switch group key", "Point the console at the group whose key was answered."),
    Command("doctor.take_over", "u", "take over", "Open the profile with the base URL or header that was answered."),
    Command("doctor.matrix", "m", "matrix", "Which endpoints, auth headers, capabilities and groups answer."),
    Command("doctor.evidence", "e", "evidence", "Preview the evidence of the run."),
    Command("doctor.copy", "y", "copy", "Copy the evidence of the run as Markdown."),
    Command("doctor.stop", "escape", "stop", "Stop at once; what was found stays."),
    Command("doctor.message", "o", "server's message", "Show or hide what the server itself said.", show=False),
    Command("models.chat", "enter", "chat", "Take this model to the Chat pane."),
    Command("models.filter", "slash", "filter", "Narrow the list as you type; Esc clears."),
    Command("models.type", "i", "type an id", "Write a model id by hand, also where there is no list."),
    Command("models.group", "p", "by provider", "Group the list by provider, or not."),
    Command("models.diff", "d", "diff", "Hold the list against another profile's, or against nothing again."),
    Command("models.earlier", "t", "since", "Hold the list against its own of an earlier time.", show=False),
    Command("models.add", "a", "add profile", "Look through another profile's list as well.", show=False),
    Command("models.sort", "s", "sort", "As listed, by id, provider, context or price."),
    Command("models.copy", "y", "copy id", "Copy the model id.", show=False),
    Command("models.reload", "r", "reload", "Fetch the list again."),
    Command("models.stop", "escape", "stop", "Stop the request that runs, or clear the filter."),
    Command("chat.send", "enter", "send", "Send the prompt; outside the prompt, go there."),
    Command(
        "chat.stop", "escape", "stop / keys", "Stop the answer that streams; else leave the prompt for the keys."
    ),
    Command("chat.wire", "w", "wire", "Every event as it came, with its time and gap."),
    Command(
        "chat.parameters", "p", "parameters", "Protocol, stream, tokens, temperature, system prompt, prompt file."
    ),
    Command("chat.stream", "t", "stream on/off", "Ask for a stream, or for the whole answer at once."),
    Command("chat.curl", "c", "copy as curl", "Copy the last request as curl, with the key as a variable."),
    Command("chat.copy", "y", "copy answer", "Copy the answer."),
    Command("chat.evidence", "e", "evidence", "Preview the evidence of the last answer."),
    Command("chat.thinking", "o", "thinking", "Unfold or fold the thinking.", show=False),
    Command("chat.message", "m", "server's message", "Show or hide what the server itself said.", show=False),
    Command("chat.new", "n", "new", "Begin a new conversation.", show=False),
    Command("compare.run", "r", "run", "Send the prompt to every target at once; asks before much is spent."),
    Command("compare.stop", "escape", "stop / keys", "Stop at once, what was measured stays; else leave the prompt."),
    Command("compare.runs", "n", "runs", "How many runs, warm-ups, at once, which temperature and longest answer."),
    Command("compare.view", "v", "view", "The table, bars, percentiles, or what changed since a baseline."),
    Command("compare.metric", "m", "metric", "Draw the next metric: TTFT, TTFAT, ITL, tokens/s, e2e."),
    Command("compare.evidence", "e", "evidence", "Preview the evidence of the comparison, also while it runs."),
    Command("compare.prompt", "p", "prompt", "Write the prompt."),
    Command("compare.add", "a", "add target", "Add a column."),
    Command("compare.remove", "x", "remove target", "Remove the focused column."),
    Command("compare.save", "b", "save baseline", "Keep the comparison by a name, to hold later ones against it."),
    Command("compare.against", "c", "hold against", "Hold this and later comparisons against a baseline."),
    Command("failures.open", "enter", "open", "Open the finding: whose problem it is and what to do next."),
    Command("failures.filter", "slash", "filter", "Narrow the findings as you type; Esc clears."),
    Command("failures.select", "space", "select", "Select the finding for the export."),
    Command("failures.export", "e", "export", "Preview the exact bytes, then save or copy them."),
    Command("failures.copy", "y", "copy", "Copy the evidence of this finding."),
    Command("failures.days", "d", "by day", "Count over time, or by profile."),
    Command("failures.select_all", "a", "select all", "Select every finding that is listed, or let them all go."),
    Command("failures.window", "w", "weeks back", "Look back 7, 30 or 90 days.", show=False),
    Command("failures.stop", "escape", "back", "Clear the filter, or leave it for the list.", show=False),
    Command("export.format", "f", "format", "Markdown, JSON or JUnit."),
    Command("export.mask", "h", "host", "Mask the host, or show it.", show=False),
    Command("export.request_id", "i", "request ids", "Keep the server's request ids, or only a hash.", show=False),
    Command("export.save", "s", "save", "Save the previewed bytes to a new file, readable by you alone."),
    Command("export.copy", "c,y", "copy", "Copy the previewed bytes through the terminal."),
    Command("export.back", "escape", "back", "Leave without writing anything."),
    Command("finding.evidence", "e", "evidence", "Preview the evidence of this run."),
    Command("finding.back", "escape", "back", "Back to the list."),
    Command("matrix.run", "r", "run", "Measure everything: at most 80 requests, 8,000 tokens."),
    Command("matrix.billed", "b", "billable ones", "Show what the skipped ones cost; they are sent on a yes."),
    Command("matrix.evidence", "e", "evidence", "Preview the evidence of all that was measured."),
    Command("matrix.back", "escape", "stop / back", "Stop what runs; else back to the doctor."),
    Command("walkthrough.forward", "enter", "go on", "Do what the step shows; once proven, go on."),
    Command("walkthrough.back", "ctrl+b", "a step back", "Go back one step; what was proven later is kept."),
    Command("walkthrough.by_hand", "i", "no list", "Go on without a list: the model id is typed by hand."),
    Command("walkthrough.client", "t", "curl / Python", "The other form of the integration."),
    Command("walkthrough.copy", "y,c", "copy", "Copy the integration."),
    Command("walkthrough.save", "s", "save", "Save the integration to a new file."),
    Command("walkthrough.evidence", "e", "evidence", "Preview the evidence of this walk."),
    Command("walkthrough.leave", "escape", "stop / leave", "Stop the request that runs; else leave the walkthrough."),
    Command("global.help", "question_mark,f1", "help", "What the pane in front is for, and its keys."),
    Command("global.palette", "ctrl+p", "commands", "Every command, found by typing."),
    Command("global.jump", "ctrl+o", "jump", "Go to a pane by its key, from anywhere.", show=False),
    Command("global.zoom", "z", "zoom", "Give the pane the whole screen, or not.", show=False),
    Command("global.theme", "f3", "theme", "Dark or light.", show=False),
    Command(
        "global.walkthrough", "f2", "walkthrough", "Five steps from a base URL to a proven integration.", show=False
    ),
    QUIT,
)


def commands_for(scope: str) -> tuple[Command, ...]:
    """The commands of a scope, in the order of the footer."""
    return tuple(command for command in COMMANDS if command.scope == scope)


def bindings_for(scope: str) -> list[Binding]:
    """The bindings of a scope, for ``BINDINGS`` of its pane or screen."""
    return [
        Binding(command.key, command.action, command.title, show=command.show, tooltip=command.help, id=command.id)
        for command in commands_for(scope)
    ]


def keys_of(command: Command, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a command as they are mapped now, the usual one first."""
    return tuple(keymap.get(command.id, command.key).split(","))


def shown_key(key: str) -> str:
    """A key as a person reads it: ``Esc``, ``^p``, ``F1``, ``/``."""
    *modifiers, last = key.split("+")
    word = _KEY_WORDS.get(last) or (last.upper() if last[:1] == "f" and last[1:].isdigit() else format_key(last))
    return "".join("^" if modifier == "ctrl" else f"{modifier}+" for modifier in modifiers) + word
