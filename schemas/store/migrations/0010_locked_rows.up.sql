-- Rows whose register calls the certificate locked (锁定): the merge sets a lock beside the legal status. Null where nothing was read.
alter table intake_row add column locked boolean;
