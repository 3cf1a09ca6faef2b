"""Every table of the database, declared: what Alembic and its tests compare the migrations with."""

from assistant import (
    audit,
    channels,
    corrections,
    digests,
    enquiries,
    handover,
    orders,
    outbox,
    preferences,
    review,
    staff_faq,
    uploads,
)
from assistant.database import Base

DECLARED_BY = (
    audit, channels, corrections, digests, enquiries, handover, orders, outbox, preferences, review, staff_faq, uploads,
)  # fmt: skip
METADATA = Base.metadata
