"""How the API's schema describes what the framework does not know of it."""

from typing import Any

from drf_standardized_errors.openapi import AutoSchema as StandardizedAutoSchema
from drf_standardized_errors.openapi_serializers import ValidationErrorResponseSerializer


class AutoSchema(StandardizedAutoSchema):
    """Any GET may be refused for a parameter: also for one that is not in the schema, which is refused by its name."""

    def _should_add_validation_error_response(self) -> bool:
        return self.method == "GET" or super()._should_add_validation_error_response()

    def _get_serializer_for_validation_error_response(self) -> Any:
        if self.method == "GET":
            return ValidationErrorResponseSerializer
        return super()._get_serializer_for_validation_error_response()
