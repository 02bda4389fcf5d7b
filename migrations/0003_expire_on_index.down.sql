ALTER TABLE {table} DROP INDEX expire_on;
