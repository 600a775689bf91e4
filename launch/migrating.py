"""`python -m launch.migrating`: bring the tables of DATABASE_URL to the newest form."""

from config.settings import Settings
from core.database.migrate import upgrade

if __name__ == "__main__":
    upgrade(Settings().database_url)
