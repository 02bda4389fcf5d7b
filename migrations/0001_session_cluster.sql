CREATE TABLE {table} (
  `id` char(40) NOT NULL COMMENT '2006-01-02T15:04:05.999999999Z07:00+(00000-99999)',
  `data` longblob NOT NULL,
  `expire_on` datetime NOT NULL,
  `modify_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  KEY `expire_on` (`expire_on`)
) ENGINE=InnoDB DEFAULT CHARSET=ascii;
