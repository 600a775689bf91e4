from tests.core.cases.staff import staff

__all__ = ["staff"]
