"""What AWS declares, as data: compact service models made by tools/refresh_catalog.py."""

from sekisho.catalog.models import (
    Member,
    OperationModel,
    ServiceModel,
    Shape,
    service_model,
)

__all__ = ["Member", "OperationModel", "ServiceModel", "Shape", "service_model"]
