"""Static files with a hash in their name, compressed; scripts that import one another are rewritten too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """What production serves: a file never changes under its name, so browsers may keep it for ever."""

    support_js_module_import_aggregation = True
