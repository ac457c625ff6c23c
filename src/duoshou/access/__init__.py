"""People, roles and their rights, passwords, sessions and tokens. No HTTP: the faces ask here.

create_first_owner(state, "wang", "小王", password)
signed = sign_in(state, "wang", password, client="192.0.2.7")      # signed.secret goes into the browser
session = person_of_session(state, signed.secret)                  # None: sign in again
Right.EXPORT in session.person.rights
"""

from collections.abc import Collection

from duoshou.access.errors import (
    AccessError,
    LastOwner,
    PasswordRefused,
    PersonRefused,
    SignInRefused,
    TokenRefused,
    TooManyAttempts,
    UnknownPerson,
    UnknownToken,
)
from duoshou.access.passwords import Passwords, check_password
from duoshou.access.people import (
    Account,
    Person,
    change_password,
    create_first_owner,
    create_person,
    disable,
    enable,
    find_account,
    needs_first_owner,
    people,
    person_named,
    rename,
    set_role,
)
from duoshou.access.rights import Right, right_title, rights_of, role_title
from duoshou.access.secret import csrf_matches, csrf_of
from duoshou.access.sessions import (
    Session,
    SignedIn,
    SignedInPlace,
    confirm_password,
    person_of_session,
    sign_in,
    sign_out,
    sign_out_everywhere,
    signed_in_places,
)
from duoshou.access.tokens import Token, create_token, person_of_token, revoke_token, tokens
from duoshou.state import State, seen
from duoshou.state.jobs import Job, close_lost_jobs, finish_job, job_runs, start_job
from duoshou.state.models import JobOutcome, JobTrigger
from duoshou.state.seen import seen_by


def mark_seen(state: State, shop: str, finding_ids: Collection[str], person: Person) -> None:
    """Note that a person has findings of a shop before them."""
    seen.mark_seen(state, shop, finding_ids, person.id, by=person.signature)


__all__ = [
    "AccessError",
    "Account",
    "Job",
    "JobOutcome",
    "JobTrigger",
    "LastOwner",
    "PasswordRefused",
    "Passwords",
    "Person",
    "PersonRefused",
    "Right",
    "Session",
    "SignInRefused",
    "SignedIn",
    "SignedInPlace",
    "Token",
    "TokenRefused",
    "TooManyAttempts",
    "UnknownPerson",
    "UnknownToken",
    "change_password",
    "check_password",
    "close_lost_jobs",
    "confirm_password",
    "create_first_owner",
    "create_person",
    "create_token",
    "csrf_matches",
    "csrf_of",
    "disable",
    "enable",
    "find_account",
    "finish_job",
    "job_runs",
    "mark_seen",
    "needs_first_owner",
    "people",
    "person_named",
    "person_of_session",
    "person_of_token",
    "rename",
    "revoke_token",
    "right_title",
    "rights_of",
    "role_title",
    "seen_by",
    "set_role",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "signed_in_places",
    "start_job",
    "tokens",
]
