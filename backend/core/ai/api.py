"""HTTP operations about AI (`/api/v1/ai`): settings and keys for admins, agreements and the record for everybody."""

from __future__ import annotations

from typing import Literal, cast

from backend.core.ai.admin import AiAdmin
from backend.core.ai.errors import AiFailure
from backend.core.ai.prices import PriceTable
from backend.core.ai.schemas import (
    AiKeyIn,
    AiSettingsIn,
    AiSettingsOut,
    CallOut,
    ConnectionOut,
    KeyState,
    ModelsOut,
    ModulePath,
    MonthOut,
    OptInIn,
    OptInOut,
    OptInsOut,
    PayloadOut,
    PayloadPath,
    PriceOut,
    Provider,
    ProviderPath,
    UsageOut,
)
from backend.core.ai.settings import HouseholdAi
from backend.sdk.actor import Actor
from backend.sdk.ai import Redaction
from backend.sdk.errors import Conflict
from backend.sdk.http import Group, Page, PageQuery, current_actor, page

_PROVIDERS: tuple[Provider, ...] = ("gemini", "openai")


def ai_group(admin: AiAdmin, *, url_prefix: str = "/ai") -> Group:
    """Return the operations, bound to one installation's AI."""
    group = Group("ai", url_prefix=url_prefix, tag="AI")
    _household(group, admin)
    _spaces(group, admin)
    _record(group, admin)
    return group


def _household(group: Group, admin: AiAdmin) -> None:
    @group.get("/settings", returns=AiSettingsOut, auth="admin")
    def get_settings() -> AiSettingsOut:
        """Show the AI settings.

        Keys are never shown, only whether one is stored and whether the provider refused it.
        """
        return _settings_out(admin, admin.ai.household.settings())

    @group.put("/settings", returns=AiSettingsOut, auth="admin+sudo")
    def put_settings(body: AiSettingsIn) -> AiSettingsOut:
        """Change the AI settings.

        Nothing is sent anywhere until a provider is chosen here and a space has agreed for a module.
        """
        return _settings_out(admin, admin.save_settings(current_actor(), _settings_in(body)))

    @group.put("/keys/<provider>", returns=KeyState, auth="admin+sudo")
    def put_key(path: ProviderPath, body: AiKeyIn) -> KeyState:
        """Store a provider's API key, encrypted."""
        admin.put_key(current_actor(), path.provider, body.key.get_secret_value())
        return _key_state(admin, path.provider)

    @group.delete("/keys/<provider>", auth="admin+sudo")
    def delete_key(path: ProviderPath) -> None:
        """Forget a provider's API key."""
        admin.remove_key(current_actor(), path.provider)

    @group.post("/test", returns=ConnectionOut, status=200, auth="admin", limit="20/minute")
    def test_connection() -> ConnectionOut:
        """Try the stored settings by listing the provider's models; sends no content."""
        try:
            models = admin.ai.test_connection()
        except AiFailure as failure:
            return ConnectionOut(ok=False, text=f"{failure.message}.", models=[])
        return ConnectionOut(ok=bool(models), text=_found(models), models=models[:200])

    @group.get("/models", returns=ModelsOut, auth="admin", limit="20/minute", errors=[409])
    def list_models() -> ModelsOut:
        """List the models of the chosen provider, the most suitable first."""
        try:
            return ModelsOut(models=admin.ai.test_connection()[:200])
        except AiFailure as failure:
            # The provider's trouble, or nothing chosen yet: not a fault of this server.
            raise Conflict(f"{failure.message}.", code=f"ai_{failure.kind}") from failure


def _spaces(group: Group, admin: AiAdmin) -> None:
    @group.get("/modules", returns=OptInsOut)
    def list_agreements() -> OptInsOut:
        """Show for which modules this space has agreed to AI, or has once decided about it."""
        actor = current_actor()
        agreed = admin.ai.household.opt_ins(actor)
        return OptInsOut(items=[_opt_in_out(admin, actor, module, agreed) for module in sorted(agreed)])

    @group.get("/modules/<module>", returns=OptInOut)
    def get_agreement(path: ModulePath) -> OptInOut:
        """Show whether this space has agreed to AI for a module, and what would happen now."""
        actor = current_actor()
        return _opt_in_out(admin, actor, path.module, admin.ai.household.opt_ins(actor))

    @group.put("/modules/<module>", returns=OptInOut)
    def put_agreement(path: ModulePath, body: OptInIn) -> OptInOut:
        """Agree to AI for a module of this space, or withdraw; for the space's owner or an admin in it."""
        actor = current_actor()
        admin.opt_in(actor, path.module, body.enabled)
        return _opt_in_out(admin, actor, path.module, admin.ai.household.opt_ins(actor))


def _record(group: Group, admin: AiAdmin) -> None:
    @group.get("/usage", returns=UsageOut)
    def get_usage() -> UsageOut:
        """Show calls, tokens and cost by month."""
        actor, settings = current_actor(), admin.ai.household.settings()
        # What the others used follows from the total: it is for those who answer for the budget.
        total = MonthOut.model_validate(admin.ai.ledger.household_month()) if actor.is_admin else None
        return UsageOut(
            months=[MonthOut.model_validate(month) for month in admin.ai.ledger.usage(actor)],
            household_month=total,
            monthly_budget_micro_usd=settings.monthly_budget_micro_usd,
            monthly_tokens=settings.monthly_tokens,
        )

    @group.get("/calls", returns=Page[CallOut])
    def list_calls(query: PageQuery) -> Page[CallOut]:
        """List the calls of your spaces, newest first."""
        rows = admin.calls(current_actor(), query.limit + 1, query.after(str))
        return page([CallOut.model_validate(row) for row in rows], query.limit, lambda row: (row.id,))

    @group.get("/payloads", returns=Page[PayloadOut])
    def list_payloads(query: PageQuery) -> Page[PayloadOut]:
        """List exactly what was sent for your spaces, newest first."""
        rows = admin.payloads(current_actor(), query.limit + 1, query.after(str))
        return page([PayloadOut.model_validate(row) for row in rows], query.limit, lambda row: (row.id,))

    @group.get("/payloads/<id>", returns=PayloadOut, errors=[404])
    def get_payload(path: PayloadPath) -> PayloadOut:
        """Show one request exactly as it was sent."""
        return PayloadOut.model_validate(admin.payload(current_actor(), path.id))

    @group.delete("/payloads")
    def erase_payloads() -> None:
        """Erase this space's record of sent requests and its remembered answers; figures stay."""
        admin.erase_payloads(current_actor())


def _settings_in(body: AiSettingsIn) -> HouseholdAi:
    values = body.model_dump()
    values["redaction"] = Redaction[body.redaction.upper()]
    values["names"] = tuple(body.names)
    values["prices"] = {name: (price.input, price.output) for name, price in body.prices.items()}
    return HouseholdAi(**values)


def _settings_out(admin: AiAdmin, settings: HouseholdAi) -> AiSettingsOut:
    values = settings.model_dump(exclude={"redaction", "prices", "names"})
    return AiSettingsOut(
        **values,
        redaction=cast(Literal["none", "standard", "strict"], settings.redaction.name.lower()),
        names=list(settings.names),
        prices={name: PriceOut(input=pair[0], output=pair[1]) for name, pair in settings.prices.items()},
        model_price=_model_price(admin, settings),
        keys=[_key_state(admin, provider) for provider in _PROVIDERS],
    )


def _model_price(admin: AiAdmin, settings: HouseholdAi) -> PriceOut | None:
    if settings.provider == "none":
        return None
    price, known = PriceTable.of(settings).price(settings.provider, admin.ai.model_in_use() or "")
    return PriceOut(input=price[0], output=price[1]) if known else None


def _key_state(admin: AiAdmin, provider: Provider) -> KeyState:
    stored, refused = admin.ai.key_state(provider)
    return KeyState(provider=provider, stored=stored, refused=refused)


def _opt_in_out(admin: AiAdmin, actor: Actor, module: str, agreed: dict[str, bool]) -> OptInOut:
    status = admin.ai.status(actor, module)
    return OptInOut(
        module=module,
        enabled=agreed.get(module, False),
        ready=status.ready,
        state=status.state,
        text=status.text,
        provider=status.provider,
        model=status.model,
    )


def _found(models: list[str]) -> str:
    if not models:
        return "The provider answered, but offers no suitable model."
    return f"The provider answered and offers {len(models)} suitable models."
