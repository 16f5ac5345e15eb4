"""AI for the hub: providers outside, agreements and books inside, the local engine whenever in doubt.

    ai = CoreAiService(core_db, SecretFiles(settings.secrets_dir).box(), clock, new_id, settings.ai)
    ai.warm_up()                                                     # web role, before serving
    group = ai_group(AiAdmin(ai, core_db, audit, space_owner_or_admin(core_db)))    # -> /api/v1/ai

See `docs/subsystems/ai.md`.
"""

from __future__ import annotations

from backend.core.ai.admin import AiAdmin, space_owner_or_admin
from backend.core.ai.api import ai_group
from backend.core.ai.service import CoreAiService
from backend.core.ai.settings import AiConfig

__all__ = ["AiAdmin", "AiConfig", "CoreAiService", "ai_group", "space_owner_or_admin"]
