import pytest

from core.adapters.media_folder import MediaFolder


@pytest.fixture
def media_store(tmp_path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")
