"""What one simulator is told when it starts: its address, and the one client it serves."""

from dataclasses import dataclass

# Scopes that ThaiD publishes; `house_address` exists in its production only.
SCOPES = (
    "openid",
    "pid",
    "name",
    "name_en",
    "title",
    "title_en",
    "given_name",
    "middle_name",
    "family_name",
    "given_name_en",
    "middle_name_en",
    "family_name_en",
    "birthdate",
    "address",
    "gender",
    "ial",
    "smartcard_code",
    "date_of_issuance",
    "date_of_expiry",
)
PREFIX = "/api/v2/oauth2"


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may ask who somebody is. Redirect addresses are compared letter for letter."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[str] = frozenset(SCOPES)
    api_key: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """`issuer` is the address without a slash at its end; lifetimes are in seconds."""

    issuer: str
    client: Client
    code_seconds: int = 300
    token_seconds: int = 900
    page_seconds: int = 900

    def endpoint(self, name: str) -> str:
        """The address of one of the five endpoints; the slash at the end matters."""
        return f"{self.issuer}{PREFIX}/{name}/"

    def discovery(self) -> dict[str, object]:
        """What `/.well-known/openid-configuration` says. As at ThaiD, `introspect/` and PKCE are not announced."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.endpoint("auth"),
            "token_endpoint": self.endpoint("token"),
            "userinfo_endpoint": self.endpoint("userinfo"),
            "revocation_endpoint": self.endpoint("revoke"),
            "jwks_uri": f"{self.issuer}/jwks/",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
