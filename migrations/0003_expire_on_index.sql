ALTER TABLE {table} ADD INDEX expire_on (expire_on);
