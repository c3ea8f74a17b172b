"""Tables of people and entities. The tree of entities is national; a membership belongs to its entity."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Entity(models.Model):
    """A reporting entity or an office above it (department, province). Its number never changes."""

    entity_id = models.BigIntegerField(primary_key=True)
    code = models.TextField(unique=True)
    level = models.TextField()
    kind = models.TextField()
    name_th = models.TextField()
    name_en = models.TextField(default="")
    sort_key = models.TextField()
    province_code = models.TextField(default="")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        db_table = "identity_entity"
        indexes: ClassVar = [models.Index(fields=["province_code", "sort_key"], name="identity_entity_by_province")]


class UserManager(BaseUserManager["User"]):
    """Makes users; Django's commands expect these names."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may log in."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. What she may do hangs on her memberships, never on this row."""

    username = models.TextField(unique=True)
    full_name = models.TextField()
    language = models.TextField(default="th")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        db_table = "identity_user"

    def get_full_name(self) -> str:
        """The name shown to others."""
        return self.full_name


class Membership(models.Model):
    """One role of one person in one entity."""

    pk = models.CompositePrimaryKey("entity_id", "user_id", "role")
    entity_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    role = models.TextField()
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_membership"
        indexes: ClassVar = [models.Index(fields=["user_id"], name="identity_membership_by_user")]
