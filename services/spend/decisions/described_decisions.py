"""What partners read of the doors for decisions."""

from typing import Any

from doors.openapi import KEY, problem, problem_example, ref
from services.spend.decisions.decision_input import (
    AllocationInput,
    AllocationsInput,
    AnswersInput,
    AssignmentsInput,
    CategoryInput,
    LinkInput,
    MergeInput,
    RecoveryInput,
    ScopeInput,
    SplitInput,
    WithholdingInput,
)
from services.spend.decisions.publishing_input import PublicationInput
from services.spend.feeds.described import (
    UNREAD,
    FindingReceipt,
    MergeReceipt,
    PayeeReceipt,
    PublicationReceipt,
    Receipt,
)

LINK_ABOUT = (
    "What a person decided stands before every rule, until it is withdrawn. Payments to the payee are judged again at"
    " once; what was known before can still be asked for as it was known then."
)
LINK: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(LinkInput)}}},
}
LINK_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": PayeeReceipt, "description": "Settled."},
    202: {"model": PayeeReceipt, "description": "Not settled yet."},
    400: UNREAD,
    404: problem("There is no such payee on this organisation's record."),
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "number": problem_example(
                "other-company", "The payee's company number is 01234567, the supplier's 07654321.",
                remedy="Two company numbers are two companies; correct the number where it is wrong.",
            )
        },
    ),
}  # fmt: skip
WITHHOLDING_ABOUT = (
    "On every way out, pages, queries, exports and published files, payments to the payee stand without its name and"
    " numbers, those that were recorded before too and as known on any day; the organisation's own people see it as"
    " before. What was published already stays as it was until the quarter is published again."
)
WITHHOLDING: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(WithholdingInput)}}},
}
WITHHOLDING_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": PayeeReceipt, "description": "Settled."},
    202: {"model": PayeeReceipt, "description": "Not settled yet."},
    400: UNREAD,
    404: problem("There is no such payee on this organisation's record."),
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "nothing": problem_example(
                "nothing-decided", "Nobody withheld this payee.",
                remedy="Only a payee whom somebody withheld can be named again.",
            )
        },
    ),
}  # fmt: skip
MERGE_ABOUT = (
    "Two suppliers of the register are one, under the second's id: contracts of either are looked at for payments to"
    " either, which are judged again at once. A supplier is merged in one step; two company numbers never are."
)
SPLIT_ABOUT = (
    "A supplier that was merged is itself again, exactly as if it had never been merged; what was known in between"
    " can still be asked for as it was known then."
)
MERGE: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(MergeInput)}}},
}
SPLIT: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(SplitInput)}}},
}
MERGE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": MergeReceipt, "description": "Settled."},
    202: {"model": MergeReceipt, "description": "Not settled yet."},
    400: UNREAD,
    404: problem("There is no such supplier on this organisation's register."),
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "number": problem_example(
                "other-company", "They have the company numbers 01234567 and 07654321.",
                remedy="Two company numbers are two companies; correct the number where it is wrong.",
            )
        },
    ),
}  # fmt: skip
SCOPE_ABOUT = (
    "What a person decided stands before every rule and whatever later files say, until it is taken back. The payment is"
    " placed and judged again at once; what was known before can still be asked for as it was known then."
)
SCOPE: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(ScopeInput)}}},
}
ALLOCATION_ABOUT = (
    "On which contracts a payment was made, whole or in shares that come to its net amount. It goes before what is judged,"
    " which is kept beside it and stands again once this is taken back."
)
ALLOCATION: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(AllocationInput)}}},
}
ALLOCATIONS_ABOUT = (
    "The same of many payments at once: of all or none. Payments that are decided so already are left as they are."
)
ALLOCATIONS: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(AllocationsInput)}}},
}
CATEGORY_ABOUT = "What a person decided goes before contract and account; null takes it back."
CATEGORY: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(CategoryInput)}}},
}
PLACED_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Receipt, "description": "Settled."},
    202: {"model": Receipt, "description": "Not settled yet."},
    400: UNREAD,
    404: problem("There is no such payment on this organisation's record."),
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "category": problem_example(
                "no-such-category", "ProClass 17 has no code 999999.", remedy="Give a code of ProClass 17, as 270000."
            ),
            "shares": problem_example(
                "not-the-whole",
                "The shares come to 90000 pence, payment 66dcd3a4b6efbb8a7d63e1f2 to 95000.",
                remedy="Give shares that come to the payment's net amount, each of its sign; or one contract without an amount.",
            ),
        },
    ),
}
ANSWERS_ABOUT = (
    "A finding is a question and accuses nobody. One person explains; another accepts or dismisses; either may take it"
    " back. All findings of a body are answered, or none. Only persons answer."
)
ANSWERS: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(AnswersInput)}}},
}
ASSIGNMENTS_ABOUT = "Who is to explain findings, and by when; what was said last stands."
ASSIGNMENTS: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(AssignmentsInput)}}},
}
FINDING_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": FindingReceipt, "description": "Settled."},
    202: {"model": FindingReceipt, "description": "Not settled yet."},
    400: UNREAD,
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "person": problem_example(
                "same-person", "Finding 5a1d3f6f0c2b4e7d was explained by the person who settles it.",
                remedy="Have another person settle what this one explained.",
            )
        },
    ),
}  # fmt: skip
RECOVERY_ABOUT = (
    "What has come back in all, so far, of payments that were one; what is said last stands. Never more than was paid"
    " beside the one payment that was due. Only persons record it."
)
RECOVERY: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(RecoveryInput)}}},
}
RECOVERY_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": FindingReceipt, "description": "Settled."},
    202: {"model": FindingReceipt, "description": "Not settled yet."},
    400: UNREAD,
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "more": problem_example(
                "more-than-paid", "190000 pence came back of 95000.",
                remedy="Give what came back in all so far: never more than was paid beside the one payment that was due.",
            )
        },
    ),
}  # fmt: skip
PUBLICATION_ABOUT = (
    "A person approves a quarter's payments as the gateway drew them up. Every row is held to the payments on record, and"
    " rows and pence of all files and of what is left out to the record's own; the files are kept whole in the log. Refused"
    " while a file is held whose total failed."
)
PUBLICATION: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(PublicationInput)}}},
}
PUBLICATION_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": PublicationReceipt, "description": "Settled."},
    202: {"model": PublicationReceipt, "description": "Not settled yet."},
    400: UNREAD,
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "held": problem_example(
                "file-held", "The file spend-2021-05.csv is held: its total does not agree with its rows.",
                remedy="Have the file mended and sent again, then draw the quarter up anew.",
            )
        },
    ),
}  # fmt: skip
