"""Settings: from `KUTIP_…` environment variables and from `kutip.toml` in the working directory."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.confidence import Caution
from index.encoder import BUNDLED
from index.errors import KutipError
from index.index import Place

FILE = "kutip.toml"


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("kutip")


class Settings(BaseSettings):
    """Everything that can be set; each name is a key of kutip.toml and, as KUTIP_NAME, a variable."""

    model_config = SettingsConfigDict(
        env_prefix="KUTIP_",
        toml_file=FILE,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # which may be a key
        protected_namespaces=(),  # some names begin with model_
    )

    articles: Path = Field(Path("seeds"), description="the folder of articles")
    index: Path | None = Field(None, description="where the index is kept; else one in the cache")
    cache: Path = Field(default_factory=_cache, description="where models and indexes are kept")
    encoder: str = Field(BUNDLED, min_length=1, description="the sentence-transformers model")
    caution: Caution = Field(
        Caution.BALANCED, description="how sure an answer must be: cautious, balanced or eager"
    )
    chroma: str | None = Field(None, description="a Chroma server, as http://127.0.0.1:8000")
    host: str = Field("127.0.0.1", description="the address that the chat listens on")
    port: int = Field(7860, ge=0, le=65535, description="the chat's port; 0 for any free one")
    user: str | None = Field(None, description="who may use the chat, with a password; else all")
    password: SecretStr | None = Field(None, description="the user's password")
    votes: Path | None = Field(None, description="where votes on answers are kept")
    mcp: bool = Field(False, description="serve the chat's requests as tools for models (MCP) too")
    model: str | None = Field(None, description="the language model's name; none if empty")
    model_url: str = Field(
        "http://127.0.0.1:11434/v1",
        description="its OpenAI-compatible endpoint; Ollama's if not set",
    )
    model_key: SecretStr | None = Field(None, description="the endpoint's key, where it wants one")
    model_temperature: float = Field(
        0.0, ge=0, le=2, allow_inf_nan=False, description="0 for the likeliest words, up to 2"
    )
    model_context: int | None = Field(
        None,
        ge=1024,
        description="how much the model reads and writes at once, in tokens; asked of the endpoint",
    )
    model_timeout: float = Field(
        30.0, gt=0, le=3600, description="seconds to wait without a word from the model"
    )

    @field_validator("articles", "index", "cache", "votes")
    @classmethod
    def _at_home(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else path

    @field_validator("model", "model_key", "user", "password", mode="before")
    @classmethod
    def _none_if_blank(cls, value: object) -> object:
        if isinstance(value, str):
            return value.strip() or None
        return value

    @field_validator("model_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not _is_address(url.strip()):
            raise ValueError(
                "must be as http://127.0.0.1:11434/v1, without password or query; "
                "a key goes in KUTIP_MODEL_KEY"
            )
        return url.strip()

    @field_validator("model_key")
    @classmethod
    def _sendable(cls, key: SecretStr | None) -> SecretStr | None:
        # The error of whoever sends it would show the key.
        if key and not re.fullmatch(r"[!-~]+", key.get_secret_value()):
            raise ValueError("must be of ASCII letters, digits and signs only")
        return key

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the program is told goes before the environment, and that before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls) -> Settings:
        """The settings in force. Raises `KutipError` naming each setting that is wrong."""
        try:
            return cls()
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise KutipError(
                f"a setting in {FILE} or a KUTIP_ variable is wrong: {wrong}"
            ) from error
        except ValueError as error:  # what is not TOML at all
            raise KutipError(f"{FILE} cannot be read: {error}") from error

    def place(self, articles: str | Path | None = None, index: str | Path | None = None) -> Place:
        """Where articles, index and models are; arguments go before settings."""
        folder = Path(articles).expanduser() if articles else self.articles
        kept = Path(index).expanduser() if index else self.index
        return Place(
            articles=folder,
            index=kept or self.cache / "indexes" / _named(folder),
            cache=self.cache,
            server=self.chroma,
            encoder=self.encoder,
            unnamed=not (kept or self.chroma),
        )


def _is_address(url: str) -> bool:
    """Whether it is a web address with nothing in it that is secret."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    web = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    return web and not re.search(r"[\s@?#]", url)


def _named(folder: Path) -> str:
    """A folder's name, and enough of a hash of where it is to tell it from others of that name."""
    full = folder.resolve()
    return f"{full.name or 'articles'}-{hashlib.sha256(str(full).encode()).hexdigest()[:8]}"
