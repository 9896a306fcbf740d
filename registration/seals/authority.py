"""The archive's time-stamper, whose faults say here what becomes of a seal."""

from asn1crypto import cms

from archive import timestamps
from registration.seals.errors import (
    TimestampRefusedError,
    TimestampUnreachableError,
    TimestampWrongError,
)


class HTTPStamper(timestamps.HTTPStamper):
    """Raises TimestampUnreachableError, TimestampRefusedError, TimestampWrongError."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except timestamps.UnreachableError as fault:
            raise TimestampUnreachableError(fault.reason) from fault
        except timestamps.RefusedError as fault:
            raise TimestampRefusedError(fault.reason, passing=fault.passing) from fault
        except timestamps.WrongError as fault:
            raise TimestampWrongError(fault.reason) from fault
