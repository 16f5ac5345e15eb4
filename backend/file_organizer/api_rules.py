"""API of the household's rules: list, change, order, try, export and import them."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from backend.file_organizer.organizer import Organizer
from backend.file_organizer.rules.definition import RuleBody, RuleDefinition
from backend.file_organizer.rules.dry_run import FolderTrial, HistoryTrial
from backend.file_organizer.rules.places import resolver
from backend.file_organizer.rules.rule_files import exported, read_rule_file, volumes_of
from backend.file_organizer.rules.rule_models import Rule
from backend.file_organizer.rules.sentence import sentence_of
from backend.file_organizer.schemas import IdPath
from backend.file_organizer.schemas_rules import (
    RuleBeforeOut,
    RuleFileIn,
    RuleFileOut,
    RuleFitOut,
    RuleFolderTrialOut,
    RuleHistoryTrialOut,
    RuleImportOut,
    RuleIn,
    RuleInsteadOut,
    RuleNoteOut,
    RuleOut,
    RulePatch,
    RulePlaceIn,
    RulesOut,
    RuleTrialIn,
    RuleTrialOut,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import PathNotAllowed
from backend.sdk.http import Group, current_actor


def rule_groups(organizer: Organizer) -> list[Group]:
    """Return the group of rules."""
    rules = Group("rules", url_prefix="/rules", tag="Rules")
    _keeping(rules, organizer)
    _trying(rules, organizer)
    _files(rules, organizer)
    return [rules]


def _keeping(group: Group, organizer: Organizer) -> None:
    rules = organizer.rules

    def check_open(body: RuleBody | None) -> None:
        """Refuse a rule about a folder that is not open to the caller."""
        roots = organizer.roots.for_actor(current_actor())
        for volume_id in volumes_of(body) if body is not None else ():
            if roots.root(volume_id) is None:
                raise PathNotAllowed(field="body.body")

    @group.get("", returns=RulesOut)
    def list_rules() -> RulesOut:
        """List your rules in their order: the first that fits a file decides."""
        return RulesOut(items=[rule_out(rule) for rule in rules.all(current_actor())])

    @group.post("", returns=RuleOut, status=201, errors=[403, 409])
    def create_rule(body: RuleIn) -> RuleOut:
        """Make a rule; it comes last in the order."""
        check_open(body.body)
        wanted = RuleDefinition(name=body.name, enabled=body.enabled, body=body.body)
        return rule_out(rules.create(current_actor(), [wanted])[0])

    @group.get("/<id>", returns=RuleOut, errors=[404])
    def get_rule(path: IdPath) -> RuleOut:
        """Show one rule."""
        return rule_out(rules.get(current_actor(), path.id))

    @group.patch("/<id>", returns=RuleOut, errors=[403, 404, 409])
    def change_rule(path: IdPath, body: RulePatch) -> RuleOut:
        """Change a rule, or switch it on or off."""
        check_open(body.body)
        changed = rules.change(
            current_actor(), path.id, name=body.name, enabled=body.enabled, body=body.body, version=body.version
        )
        return rule_out(changed)

    @group.delete("/<id>", errors=[404])
    def delete_rule(path: IdPath) -> None:
        """Delete a rule; `restore` brings it back."""
        rules.delete(current_actor(), path.id)

    @group.post("/<id>/restore", returns=RuleOut, status=200, errors=[404])
    def restore_rule(path: IdPath) -> RuleOut:
        """Bring a deleted rule back to its place, within 30 days."""
        return rule_out(rules.restore(current_actor(), path.id))

    @group.post("/<id>/place", returns=RulesOut, status=200, errors=[404])
    def place_rule(path: IdPath, body: RulePlaceIn) -> RulesOut:
        """Put a rule at another place in the order."""
        return RulesOut(items=[rule_out(rule) for rule in rules.place(current_actor(), path.id, body.index)])


def _trying(group: Group, organizer: Organizer) -> None:
    @group.post("/try", returns=RuleTrialOut, status=200, errors=[403, 404])
    def try_rule(body: RuleTrialIn) -> RuleTrialOut:
        """Say what a rule would do in a folder now and would have done with what was filed. Changes nothing.

        Looks for two seconds at most; documents are not opened for it.
        """
        actor, trials = current_actor(), organizer.rule_trials
        if body.rule_id is not None:
            organizer.rules.get(actor, body.rule_id)
        roots = organizer.roots.for_actor(actor)
        names = {rule.id: rule.name for rule in organizer.rules.all(actor)}
        history = run_blocking(trials.history, actor, body.body, body.rule_id, days=body.days)
        folder = None
        if body.path is not None:
            root = run_blocking(roots.resolve_text, body.path, must_exist=True, folder=True, field="body.path")
            folder = run_blocking(trials.folder, actor, root, body.body, body.rule_id)
        inside = organizer.settings.get(actor).look_inside
        return RuleTrialOut(
            sentence=sentence_of(body.body),
            history=_history_out(history, names),
            folder=_folder_out(folder, names) if folder is not None else None,
            warnings=run_blocking(trials.warnings, roots, body.body, look_inside=inside),
        )


def _files(group: Group, organizer: Organizer) -> None:
    rules = organizer.rules

    @group.get("/export", returns=RuleFileOut)
    def export_rules() -> RuleFileOut:
        """Return your rules as a file for keeping."""
        return RuleFileOut(rules=exported(rules.all(current_actor())))

    @group.post("/import", returns=RuleImportOut, status=200, errors=[409])
    def import_rules(body: RuleFileIn) -> RuleImportOut:
        """Bring rules in: a file of Homie's, or the YAML of `organize`. With `preview` nothing is stored.

        What cannot be taken over is named with its line.
        """
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        kind, found = run_blocking(read_rule_file, body.text, roots, resolver(roots))
        created = [] if body.preview or not found.rules else rules.create(actor, found.rules)
        return RuleImportOut(
            format="organize" if kind == "organize" else "homie",
            rules=found.rules,
            notes=[
                RuleNoteOut(line=note.line or None, rule=note.rule, part=note.part, text=note.text)
                for note in found.notes
            ],
            created=[rule_out(rule) for rule in created],
        )


def rule_out(rule: Rule) -> RuleOut:
    """Return a rule as the API shows it; what only a newer Homie understands is shown without its inside."""
    try:
        read = RuleBody.model_validate(rule.body)
        body, sentence = read.model_dump(mode="json", exclude_none=True), sentence_of(read)
    except ValidationError:
        body, sentence = {}, ""
    values = {name: getattr(rule, name) for name in RuleOut.model_fields if name not in ("body", "sentence")}
    return RuleOut(**values, body=body, sentence=sentence)


def _history_out(trial: HistoryTrial, names: Mapping[str, str]) -> RuleHistoryTrialOut:
    examples = [
        RuleInsteadOut(action_id=e.action_id, source=e.source, did=e.did, would=e.would, problem=e.problem)
        for e in trial.examples
    ]
    return RuleHistoryTrialOut(
        looked_at=trial.looked_at,
        fits=trial.fits,
        same=trial.same,
        elsewhere=trial.elsewhere,
        unknown=trial.unknown,
        examples=examples,
        earlier=_before_out(trial.earlier, names),
        complete=trial.complete,
    )


def _folder_out(trial: FolderTrial, names: Mapping[str, str]) -> RuleFolderTrialOut:
    return RuleFolderTrialOut(
        looked_at=trial.looked_at,
        fits=trial.fits,
        unknown=trial.unknown,
        examples=[RuleFitOut(source=e.source, target=e.target, problem=e.problem) for e in trial.examples],
        earlier=_before_out(trial.earlier, names),
        complete=trial.complete,
    )


def _before_out(found: Mapping[str, int], names: Mapping[str, str]) -> list[RuleBeforeOut]:
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return [RuleBeforeOut(rule_id=rule_id, name=names.get(rule_id, ""), files=files) for rule_id, files in ordered]
