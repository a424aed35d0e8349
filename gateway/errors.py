"""What is a caller told when something is wrong? Always a code; never what went on inside.

BAD_USER_INPUT                an argument or variable that cannot be meant so; `field` may say which
GRAPHQL_PARSE_FAILED          the document is no GraphQL
GRAPHQL_VALIDATION_FAILED     the document asks for what the schema does not have
OPERATION_RESOLUTION_FAILURE  which operation of the document is meant is not clear
BAD_REQUEST                   the request is not GraphQL over HTTP
DEPTH_LIMIT COST_LIMIT        the document asks for too much at once
UNAUTHENTICATED FORBIDDEN     a key is needed, or another key
TIMED_OUT                     the answer would have taken too long
INTERNAL_SERVER_ERROR         our fault; `id` finds it in the log
"""

from collections.abc import Iterable

from graphql import GraphQLError, GraphQLFormattedError, GraphQLSyntaxError

from eventlog.ids import new_id
from eventlog.log import get_logger
from gateway.policy import NotSeen
from gateway.reads import BadInput

logger = get_logger()

_MOST = 20


def formatted(errors: Iterable[GraphQLError]) -> list[GraphQLFormattedError]:
    """Errors as they are sent: coded, and masked where they are ours."""
    return [_formatted(error) for error in list(errors)[:_MOST]]


def _formatted(error: GraphQLError) -> GraphQLFormattedError:
    message, extensions = _told(error)
    answer: GraphQLFormattedError = {"message": message, "extensions": extensions}
    if error.locations:
        answer["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        answer["path"] = error.path
    return answer


def _told(error: GraphQLError) -> tuple[str, dict[str, object]]:
    cause = _cause(error)
    if isinstance(cause, BadInput):
        return str(cause), {"code": "BAD_USER_INPUT", "field": cause.field}
    if isinstance(cause, NotSeen):
        needed = "This needs a key." if cause.code == "UNAUTHENTICATED" else "This needs another key."
        return needed, {"code": cause.code}
    if isinstance(cause, RecursionError):
        return "The document is nested too deeply.", {"code": "DEPTH_LIMIT"}
    if cause is not None and not isinstance(cause, GraphQLError):
        return _masked(cause)
    return error.message, {"code": _code(error), **(error.extensions or {})}


def _cause(error: GraphQLError) -> BaseException | None:
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    if isinstance(error.original_error, GraphQLError) and error.original_error.extensions:
        return str(error.original_error.extensions.get("code", "BAD_USER_INPUT"))
    # Of what remains, only coercion of variables and arguments speaks of "$name" or "Argument".
    if error.message.startswith(("Variable '$", "Argument '")) or error.path is not None:
        return "BAD_USER_INPUT"
    return "GRAPHQL_VALIDATION_FAILED"


def _masked(cause: BaseException) -> tuple[str, dict[str, object]]:
    error_id = str(new_id())
    logger.error("graphql_failed", error_id=error_id, exc_info=cause)
    return (
        "Something went wrong on our side; quote the id when you report it.",
        {"code": "INTERNAL_SERVER_ERROR", "id": error_id},
    )
