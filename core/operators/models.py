"""The table of operators."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.base import Base, PrimaryKey
from core.departments.models import Department
from core.operators.permissions import Permission, Role, permissions_of


class Operator(Base):
    """A member of staff who signs in to the console, in whatever role."""

    __tablename__ = "operators"

    id: Mapped[PrimaryKey]
    login: Mapped[str] = mapped_column(String(40), unique=True)
    display_name: Mapped[str] = mapped_column(String(40))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    role_names: Mapped[list[str]]
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_on_duty: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int] = mapped_column(default=10)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    # Part of every session: raising it signs the operator out everywhere.
    session_version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Department] = relationship(lazy="joined")

    @property
    def roles(self) -> set[Role]:
        return {Role(name) for name in self.role_names}

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions
