"""AI for the hub: providers outside, agreements and books inside, the local engine whenever in doubt.

    ai = CoreAiService(core_db, SecretFiles(settings.secrets_dir).box(), clock, new_id, settings.ai)
    ai.warm_up()                                                     # web role, before serving
    group = ai_group(AiAdmin(ai, core_db, audit, space_owner_or_admin(core_db)))    # -> /api/v1/ai

Import from the files: the settings of AI are read by every process, and must not bring the API's imports along.
See `docs/subsystems/ai.md`.
"""
