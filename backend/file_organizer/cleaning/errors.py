"""What can go wrong while looking for copies and junk, and while deciding about them.

NotFound      SearchMissing, GroupMissing
Conflict      SearchBusy, GroupBusy (what was found is being put away right now, or was), NothingToPutAway
InvalidInput  CopyChoiceNotPossible (none would stay)
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, InvalidInput, NotFound


class SearchMissing(NotFound):
    """No such look through folders for this caller; a newer one replaces it."""

    code, message = "search_missing", "These results are not there any more. Look again."


class GroupMissing(NotFound):
    """No such group of copies (or oddity) for this caller."""

    code, message = "group_missing", "This is not among the results any more. Look again."


class SearchBusy(Conflict):
    """Files that the last search found are being put away; a new one would forget what is going on."""

    code, message = "search_busy", "Homie is still putting away what it found last. Wait until it is finished."


class GroupBusy(Conflict):
    """The group's copies are being put away, or were."""

    code, message = "group_busy", "These copies are being put away right now, or were already."


class NothingToPutAway(Conflict):
    """Nothing of what was named waits to be put away."""

    code, message = "nothing_to_put_away", "There is nothing left to put away here. Look again."


class CopyChoiceNotPossible(InvalidInput):
    """A choice that would leave no copy, or move one that must not be moved."""

    code, message = "copy_choice_not_possible", "This choice is not possible."
